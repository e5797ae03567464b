"""Gemini's pages: details of all symbols with a perpetual, prices of all, the volumes of one, the newest day's candles.

Shapes: https://docs.gemini.com/rest/market-data
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import json

from tests.exchange_simulator.market import Candle, Market, Ticker
from tests.exchange_simulator.wire import Asked, Candles, Page, Pairs, Refusal, Span, Stated, Tickers, Wire

MOST_CANDLES = 1440


class Gemini(Wire):
    name = "gemini"
    unknown_market = Refusal(
        400, b'{"result":"error","reason":"InvalidSymbol","message":"Supplied value is not valid"}'
    )
    declined = Refusal(429, b'{"result":"error","reason":"RateLimited","message":"Requests were made too frequently"}')

    def pages(self) -> Mapping[str, Page]:
        return {
            "/v1/symbols/details/all": Pairs(self.details),
            "/v1/pricefeed": Tickers(self.pricefeed, stated=self.no_volume),
            "/v1/pubticker/{symbol}": Tickers(self.pubticker, codes=self.asked_symbol),
            "/v2/candles/{symbol}/1m": Candles(self.span, self.candles),
        }

    def codes(self, market: Market) -> Sequence[str]:
        return (market.pair.upper(), market.pair)

    def details(self, markets: Sequence[Market], asked: Asked) -> bytes:
        rows = [symbol(market.base.upper(), market.quote.upper()) for market in markets]
        perpetuals = [{**row, "symbol": f"{row['symbol']}PERP", "product_type": "swap"} for row in rows[:1]]
        return json.encode(rows + perpetuals)

    def pricefeed(self, tickers: Sequence[Ticker], asked: Asked) -> bytes:
        return json.encode(
            [
                {
                    "pair": ticker.market.pair.upper(),
                    "price": ticker.market.text(ticker.price),
                    "percentChange24h": f"{ticker.price / ticker.open - 1:.4f}",
                }
                for ticker in tickers
            ]
        )

    def no_volume(self, ticker: Ticker) -> Stated:
        return Stated(None, None)

    def asked_symbol(self, asked: Asked) -> Sequence[str]:
        return [asked.text("symbol")]

    def pubticker(self, tickers: Sequence[Ticker], asked: Asked) -> bytes:
        rows = [ticker_row(ticker) for ticker in tickers]
        return json.encode(rows[0] if rows else {})

    def span(self, asked: Asked) -> Span:
        """The newest 1440 candles, whatever is asked."""
        running_s = int(asked.now_s) // 60 * 60
        return Span(asked.text("symbol"), running_s - (MOST_CANDLES - 1) * 60, running_s + 60)

    def candles(self, market: Market, candles: Sequence[Candle], asked: Asked) -> bytes:
        return json.encode(
            [[one.time_s * 1000, one.open, one.high, one.low, one.close, one.volume] for one in reversed(candles)]
        )


def symbol(base: str, quote: str) -> dict[str, Any]:
    return {
        "symbol": base + quote,
        "base_currency": base,
        "quote_currency": quote,
        "tick_size": 1e-8,
        "quote_increment": 0.01,
        "min_order_size": "0.00001",
        "status": "open",
        "wrap_enabled": False,
        "product_type": "spot",
        "contract_type": "vanilla",
    }


def ticker_row(ticker: Ticker) -> dict[str, Any]:
    market = ticker.market
    volume = {
        market.base.upper(): f"{ticker.volume:.8f}",
        market.quote.upper(): f"{ticker.quote_volume:.8f}",
        "timestamp": int(ticker.at_s) * 1000,
    }
    price = market.text(ticker.price)
    return {"bid": price, "ask": price, "volume": volume, "last": price}
