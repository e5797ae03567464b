"""Gate.io's pages: currency_pairs with a leveraged token, tickers, candlesticks with the quote volume second.

Shapes: https://www.gate.com/docs/developers/apiv4/en/
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import json

from tests.exchange_simulator.market import Candle, Market, Ticker
from tests.exchange_simulator.wire import Asked, Candles, Page, Pairs, Refusal, Span, Tickers, Wire

MOST_CANDLES = 1000
DEPTH = 10_000
LEVERAGED = {"base": "BTC3L", "base_name": "BTC3xLong"}


class Gateio(Wire):
    name = "gateio"
    unknown_market = Refusal(400, b'{"label":"INVALID_CURRENCY_PAIR","message":"Invalid currency pair"}')
    declined = Refusal(429, b'{"label":"TOO_MANY_REQUESTS","message":"Request Rate limit Exceeded"}')
    remaining_header = "X-Gate-RateLimit-Requests-Remain"
    weight_limit = 1200

    def pages(self) -> Mapping[str, Page]:
        return {
            "/api/v4/spot/currency_pairs": Pairs(self.currency_pairs),
            "/api/v4/spot/tickers": Tickers(self.tickers),
            "/api/v4/spot/candlesticks": Candles(self.span, self.candlesticks),
        }

    def codes(self, market: Market) -> Sequence[str]:
        return (f"{market.base}_{market.quote}".upper(),)

    def currency_pairs(self, markets: Sequence[Market], asked: Asked) -> bytes:
        rows = [currency_pair(market.base.upper(), market.quote.upper()) for market in markets]
        if markets:
            rows.append({**currency_pair("BTC3L", "USDT"), **LEVERAGED})
            rows.append({**currency_pair("XAR", "USDT"), "trade_status": "untradable"})
        return json.encode(rows)

    def tickers(self, tickers: Sequence[Ticker], asked: Asked) -> bytes:
        rows = [self.ticker(ticker) for ticker in tickers]
        leveraged = [{**row, "currency_pair": "BTC3L_USDT", "etf_leverage": "2.28"} for row in rows[:1]]
        return json.encode(rows + leveraged)

    def ticker(self, ticker: Ticker) -> dict[str, str]:
        text = ticker.market.text
        return {
            "currency_pair": self.codes(ticker.market)[0],
            "last": text(ticker.price),
            "lowest_ask": text(ticker.price),
            "highest_bid": text(ticker.price),
            "change_percentage": f"{(ticker.price / ticker.open - 1) * 100:.2f}",
            "base_volume": f"{ticker.volume:.8f}",
            "quote_volume": f"{ticker.quote_volume:.8f}",
            "high_24h": text(ticker.high),
            "low_24h": text(ticker.low),
        }

    def span(self, asked: Asked) -> Span:
        """From `from` to `to`, both included; none older than 10,000 minutes."""
        running_s = int(asked.now_s) // 60 * 60
        end_s = min(asked.number("to", running_s), running_s) // 60 * 60 + 60
        oldest_s = max(end_s - MOST_CANDLES * 60, running_s - DEPTH * 60)
        return Span(asked.text("currency_pair"), max(asked.number("from", 0), oldest_s), end_s)

    def candlesticks(self, market: Market, candles: Sequence[Candle], asked: Asked) -> bytes:
        return json.encode([candlestick(market, candle, asked.now_s) for candle in candles])


def currency_pair(base: str, quote: str) -> dict[str, Any]:
    return {
        "id": f"{base}_{quote}",
        "base": base,
        "base_name": base.capitalize(),
        "quote": quote,
        "quote_name": quote.capitalize(),
        "fee": "0.2",
        "amount_precision": 2,
        "precision": 6,
        "trade_status": "tradable",
        "sell_start": 0,
        "buy_start": 0,
        "type": "normal",
        "st_tag": False,
    }


def candlestick(market: Market, candle: Candle, now_s: float) -> list[str]:
    prices = [market.text(price) for price in (candle.close, candle.high, candle.low, candle.open)]
    turnover = candle.volume * (candle.open + candle.close) / 2
    closed = "true" if candle.time_s + 60 <= now_s else "false"
    return [str(candle.time_s), f"{turnover:.8f}", *prices, f"{candle.volume:.8f}", closed]
