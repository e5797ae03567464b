"""OKX's pages: spot instruments with one that is not open yet, tickers, history-candles without the running one.

Shapes: https://www.okx.com/docs-v5/en/
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import json

from tests.exchange_simulator.market import Candle, Market, Ticker
from tests.exchange_simulator.wire import Asked, Candles, Page, Pairs, Refusal, Span, Tickers, Wire

MOST_CANDLES = 300


class Okx(Wire):
    name = "okx"
    unknown_market = Refusal(200, b'{"code":"51001","data":[],"msg":"Instrument ID does not exist"}')
    declined = Refusal(200, b'{"msg":"Requests too frequent.","code":"50011"}')

    def pages(self) -> Mapping[str, Page]:
        return {
            "/api/v5/public/instruments": Pairs(self.instruments),
            "/api/v5/market/tickers": Tickers(self.tickers),
            "/api/v5/market/history-candles": Candles(self.span, self.candles),
        }

    def codes(self, market: Market) -> Sequence[str]:
        return (f"{market.base}-{market.quote}".upper(),)

    def instruments(self, markets: Sequence[Market], asked: Asked) -> bytes:
        rows = [instrument(market.base.upper(), market.quote.upper()) for market in markets]
        if markets:
            rows.append({**instrument("SOON", "USDT"), "state": "preopen"})
        return answer(rows)

    def tickers(self, tickers: Sequence[Ticker], asked: Asked) -> bytes:
        return answer([self.ticker(ticker) for ticker in tickers])

    def ticker(self, ticker: Ticker) -> dict[str, str]:
        text = ticker.market.text
        return {
            "instType": "SPOT",
            "instId": self.codes(ticker.market)[0],
            "last": text(ticker.price),
            "lastSz": "1",
            "askPx": text(ticker.price),
            "bidPx": text(ticker.price),
            "open24h": text(ticker.open),
            "high24h": text(ticker.high),
            "low24h": text(ticker.low),
            "volCcy24h": f"{ticker.quote_volume:.8f}",
            "vol24h": f"{ticker.volume:.8f}",
            "ts": str(int(ticker.at_s * 1000)),
        }

    def span(self, asked: Asked) -> Span:
        """Newer than `before` and older than `after`, neither included, the newest first."""
        running_s = int(asked.now_s) // 60 * 60
        end_s = min(-(-asked.number("after", running_s * 1000) // 1000), running_s)
        reach_s = min(asked.number("limit", 100), MOST_CANDLES) * 60
        start_s = max(asked.number("before", 0) // 1000 + 1, -(-end_s // 60) * 60 - reach_s)
        return Span(asked.text("instId"), start_s, end_s)

    def candles(self, market: Market, candles: Sequence[Candle], asked: Asked) -> bytes:
        return answer([candle_row(market, candle) for candle in reversed(candles)])


def instrument(base: str, quote: str) -> dict[str, Any]:
    return {
        "alias": "",
        "baseCcy": base,
        "category": "1",
        "instId": f"{base}-{quote}",
        "instType": "SPOT",
        "lever": "",
        "listTime": "1548133413000",
        "quoteCcy": quote,
        "settleCcy": "",
        "state": "live",
        "uly": "",
    }


def candle_row(market: Market, candle: Candle) -> list[str]:
    turnover = f"{candle.volume * (candle.open + candle.close) / 2:.8f}"
    prices = [market.text(price) for price in (candle.open, candle.high, candle.low, candle.close)]
    return [str(candle.time_s * 1000), *prices, f"{candle.volume:.8f}", turnover, turnover, "1"]


def answer(rows: Sequence[object]) -> bytes:
    return json.encode({"code": "0", "msg": "", "data": rows})
