"""HTX's pages: market-symbols (and common/symbols, its older form) with a leveraged token, tickers, the newest klines.

Shapes: https://www.htx.com/en-us/opend/newApiPages/
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import json

from tests.exchange_simulator.market import Candle, Market, Ticker
from tests.exchange_simulator.wire import Asked, Candles, Page, Pairs, Refusal, Span, Tickers, Wire

MOST_CANDLES = 2000


class Htx(Wire):
    name = "htx"
    unknown_market = Refusal(200, b'{"status":"error","err-code":"invalid-parameter","err-msg":"invalid symbol"}')
    declined = Refusal(200, b'{"status":"error","err-code":"too-many-request","err-msg":"Request is too frequent"}')

    def pages(self) -> Mapping[str, Page]:
        return {
            "/v1/settings/common/market-symbols": Pairs(self.market_symbols),
            "/v1/common/symbols": Pairs(self.common_symbols),
            "/market/tickers": Tickers(self.tickers),
            "/market/history/kline": Candles(self.span, self.kline),
        }

    def codes(self, market: Market) -> Sequence[str]:
        return (market.pair,)

    def market_symbols(self, markets: Sequence[Market], asked: Asked) -> bytes:
        rows = [{**state(market.pair), "bc": market.base, "qc": market.quote} for market in markets]
        if markets:
            rows.append({**state("btc3lusdt"), "bc": "btc3l", "qc": "usdt", "u": "btcusdt", "tags": "etp,nav"})
            rows.append({**state("oldusdt"), "bc": "old", "qc": "usdt", "state": "offline"})
        return answer(rows, asked)

    def common_symbols(self, markets: Sequence[Market], asked: Asked) -> bytes:
        rows = [
            {**state(market.pair), "base-currency": market.base, "quote-currency": market.quote} for market in markets
        ]
        if markets:
            leveraged = {"base-currency": "btc3l", "quote-currency": "usdt", "underlying": "btcusdt"}
            rows.append({**state("btc3lusdt"), **leveraged})
        return answer(rows, asked)

    def tickers(self, tickers: Sequence[Ticker], asked: Asked) -> bytes:
        return answer([ticker_row(ticker) for ticker in tickers], asked)

    def span(self, asked: Asked) -> Span:
        """The newest `size` candles, whatever is asked."""
        end_s = int(asked.now_s) // 60 * 60 + 60
        return Span(asked.text("symbol"), end_s - min(asked.number("size", 150), MOST_CANDLES) * 60, end_s)

    def kline(self, market: Market, candles: Sequence[Candle], asked: Asked) -> bytes:
        return answer([kline_row(candle) for candle in reversed(candles)], asked)


def state(symbol: str) -> dict[str, Any]:
    return {"symbol": symbol, "state": "online"}


def ticker_row(ticker: Ticker) -> dict[str, Any]:
    return {
        "symbol": ticker.market.pair,
        "open": ticker.open,
        "high": ticker.high,
        "low": ticker.low,
        "close": ticker.price,
        "amount": ticker.volume,
        "vol": ticker.quote_volume,
        "count": 1000,
        "bid": ticker.price,
        "bidSize": 1.5,
        "ask": ticker.price,
        "askSize": 2.5,
    }


def kline_row(candle: Candle) -> dict[str, Any]:
    return {
        "id": candle.time_s,
        "open": candle.open,
        "close": candle.close,
        "low": candle.low,
        "high": candle.high,
        "amount": candle.volume,
        "vol": candle.volume * (candle.open + candle.close) / 2,
        "count": 10 if candle.volume else 0,
    }


def answer(rows: Sequence[object], asked: Asked) -> bytes:
    return json.encode({"status": "ok", "data": rows, "ts": int(asked.now_s * 1000)})
