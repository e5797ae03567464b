"""Bitstamp's pages: markets (and trading-pairs-info, its older form) with a perpetual, all tickers, OHLC data.

Shapes: https://www.bitstamp.net/api/
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import json

from tests.exchange_simulator.market import Candle, Market, Ticker
from tests.exchange_simulator.wire import Asked, Candles, Page, Pairs, Refusal, Span, Stated, Tickers, Wire

MOST_CANDLES = 1000


class Bitstamp(Wire):
    name = "bitstamp"
    unknown_market = Refusal(404, b'{"status":"error","reason":"Invalid market","response_code":"404.002"}')
    declined = Refusal(429, b'{"status":"error","reason":"Request rate limit exceeded","response_code":"400.002"}')

    def pages(self) -> Mapping[str, Page]:
        return {
            "/api/v2/markets/": Pairs(self.markets),
            "/api/v2/trading-pairs-info/": Pairs(self.trading_pairs_info),
            "/api/v2/ticker/": Tickers(self.tickers, stated=self.stated),
            "/api/v2/ohlc/{pair}/": Candles(self.span, self.ohlc),
        }

    def codes(self, market: Market) -> Sequence[str]:
        return (market.pair,)

    def markets(self, markets: Sequence[Market], asked: Asked) -> bytes:
        rows = [market_row(market) for market in markets]
        perpetuals = [
            {**row, "name": f"{row['name']}-PERP", "market_symbol": f"{row['market_symbol']}-perp"} for row in rows[:1]
        ]
        return json.encode(rows + [{**row, "market_type": "PERPETUAL"} for row in perpetuals])

    def trading_pairs_info(self, markets: Sequence[Market], asked: Asked) -> bytes:
        kept = ("name", "trading", "description", "base_decimals", "counter_decimals")
        rows = [market_row(market) for market in markets]
        return json.encode([{**{key: row[key] for key in kept}, "url_symbol": row["market_symbol"]} for row in rows])

    def tickers(self, tickers: Sequence[Ticker], asked: Asked) -> bytes:
        return json.encode([ticker_row(ticker) for ticker in tickers])

    def stated(self, ticker: Ticker) -> Stated:
        """There is no quote volume on the page; its reader multiplies the volume by the day's average price."""
        return Stated(ticker.volume, ticker.volume * ticker.vwap)

    def span(self, asked: Asked) -> Span:
        """From `start` on the oldest `limit` candles, without it the newest."""
        step_s = asked.number("step", 60)
        reach_s = min(asked.number("limit", MOST_CANDLES), MOST_CANDLES) * step_s
        end_s = min(asked.number("end", int(asked.now_s)), int(asked.now_s)) // step_s * step_s + step_s
        start_s = asked.number("start", end_s - reach_s)
        return Span(asked.text("pair"), start_s, min(end_s, start_s + reach_s), step_s)

    def ohlc(self, market: Market, candles: Sequence[Candle], asked: Asked) -> bytes:
        rows = [
            {
                "timestamp": str(candle.time_s),
                "open": market.text(candle.open),
                "high": market.text(candle.high),
                "low": market.text(candle.low),
                "close": market.text(candle.close),
                "volume": f"{candle.volume:.8f}",
            }
            for candle in candles
        ]
        return json.encode({"data": {"pair": f"{market.base}/{market.quote}".upper(), "ohlc": rows}})


def market_row(market: Market) -> dict[str, Any]:
    base, counter = market.base.upper(), market.quote.upper()
    return {
        "name": f"{base}/{counter}",
        "market_symbol": market.pair,
        "base_currency": base,
        "base_decimals": 8,
        "counter_currency": counter,
        "counter_decimals": market.decimals,
        "trading": "Enabled",
        "instant_and_market_orders": "Enabled",
        "description": f"{base} / {counter}",
        "market_type": "SPOT",
    }


def ticker_row(ticker: Ticker) -> dict[str, Any]:
    text = ticker.market.text
    return {
        "timestamp": str(int(ticker.at_s)),
        "open": text(ticker.open),
        "high": text(ticker.high),
        "low": text(ticker.low),
        "last": text(ticker.price),
        "volume": f"{ticker.volume:.8f}",
        "vwap": text(ticker.vwap),
        "bid": text(ticker.price),
        "ask": text(ticker.price),
        "side": "0",
        "open_24": text(ticker.open),
        "percent_change_24": f"{(ticker.price / ticker.open - 1) * 100:.2f}",
        "pair": f"{ticker.market.base}/{ticker.market.quote}".upper(),
        "market_type": "SPOT",
    }
