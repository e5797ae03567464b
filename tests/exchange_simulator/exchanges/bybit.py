"""Bybit's pages: spot instruments, tickers, klines newest first.

Shapes: https://bybit-exchange.github.io/docs/v5/market/instrument, tickers and kline there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import json

from tests.exchange_simulator.market import Candle, Market, Ticker
from tests.exchange_simulator.wire import Asked, Candles, Page, Pairs, Refusal, Span, Tickers, Wire

MOST_CANDLES = 1000


class Bybit(Wire):
    name = "bybit"
    unknown_market = Refusal(200, b'{"retCode":10001,"retMsg":"Not supported symbols","result":{},"retExtInfo":{}}')
    declined = Refusal(200, b'{"retCode":10006,"retMsg":"Too many visits!","result":{},"retExtInfo":{}}')
    remaining_header = "X-Bapi-Limit-Status"
    weight_limit = 7200

    def pages(self) -> Mapping[str, Page]:
        return {
            "/v5/market/instruments-info": Pairs(self.instruments_info),
            "/v5/market/tickers": Tickers(self.tickers),
            "/v5/market/kline": Candles(self.span, self.kline),
        }

    def codes(self, market: Market) -> Sequence[str]:
        return (market.pair.upper(),)

    def instruments_info(self, markets: Sequence[Market], asked: Asked) -> bytes:
        return answer([instrument(market) for market in markets], asked)

    def tickers(self, tickers: Sequence[Ticker], asked: Asked) -> bytes:
        return answer([ticker_row(ticker) for ticker in tickers], asked)

    def span(self, asked: Asked) -> Span:
        """The newest `limit` candles from `start` to `end`, both included."""
        end_s = min(asked.number("end", int(asked.now_s * 1000)) // 1000, int(asked.now_s)) // 60 * 60 + 60
        reach_s = min(asked.number("limit", 200), MOST_CANDLES) * 60
        start_s = max(-(-asked.number("start", 0) // 1000), end_s - reach_s)
        return Span(asked.text("symbol"), start_s, end_s)

    def kline(self, market: Market, candles: Sequence[Candle], asked: Asked) -> bytes:
        return answer([kline_row(market, candle) for candle in reversed(candles)], asked)


def instrument(market: Market) -> dict[str, Any]:
    return {
        "symbol": market.pair.upper(),
        "baseCoin": market.base.upper(),
        "quoteCoin": market.quote.upper(),
        "innovation": "0",
        "status": "Trading",
        "marginTrading": "none",
        "stTag": "0",
        "symbolType": "",
    }


def ticker_row(ticker: Ticker) -> dict[str, str]:
    text = ticker.market.text
    return {
        "symbol": ticker.market.pair.upper(),
        "bid1Price": text(ticker.price),
        "ask1Price": text(ticker.price),
        "lastPrice": text(ticker.price),
        "prevPrice24h": text(ticker.open),
        "price24hPcnt": f"{ticker.price / ticker.open - 1:.4f}",
        "highPrice24h": text(ticker.high),
        "lowPrice24h": text(ticker.low),
        "turnover24h": f"{ticker.quote_volume:.8f}",
        "volume24h": f"{ticker.volume:.8f}",
    }


def kline_row(market: Market, candle: Candle) -> list[str]:
    turnover = f"{candle.volume * (candle.open + candle.close) / 2:.8f}"
    prices = [market.text(price) for price in (candle.open, candle.high, candle.low, candle.close)]
    return [str(candle.time_s * 1000), *prices, f"{candle.volume:.8f}", turnover]


def answer(rows: Sequence[object], asked: Asked) -> bytes:
    result = {"category": "spot", "list": rows}
    return json.encode(
        {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}, "time": int(asked.now_s * 1000)}
    )
