"""MEXC's pages: exchangeInfo with a leveraged token and one that is offline, ticker/24hr, klines.

Shapes: https://www.mexc.com/api-docs/spot-v3/market-data-endpoints
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import json

from tests.exchange_simulator.market import Candle, Market, Ticker
from tests.exchange_simulator.wire import Asked, Candles, Page, Pairs, Refusal, Span, Tickers, Wire

MOST_CANDLES = 500


class Mexc(Wire):
    name = "mexc"
    unknown_market = Refusal(400, b'{"code":-1121,"msg":"Invalid symbol."}')
    declined = Refusal(429, b'{"code":429,"msg":"Too Many Requests"}')

    def pages(self) -> Mapping[str, Page]:
        return {
            "/api/v3/exchangeInfo": Pairs(self.exchange_info, weight=10),
            "/api/v3/ticker/24hr": Tickers(self.tickers, weight=40),
            "/api/v3/klines": Candles(self.span, self.klines),
        }

    def codes(self, market: Market) -> Sequence[str]:
        return (market.pair.upper(),)

    def exchange_info(self, markets: Sequence[Market], asked: Asked) -> bytes:
        rows = [symbol(market.base.upper(), market.quote.upper()) for market in markets]
        if markets:
            rows.append({**symbol("TOMO3L", "USDT"), "isSpotTradingAllowed": False})
            rows.append({**symbol("GONE", "USDT"), "status": "3"})
        return json.encode(
            {
                "timezone": "CST",
                "serverTime": int(asked.now_s * 1000),
                "rateLimits": [],
                "exchangeFilters": [],
                "symbols": rows,
            }
        )

    def tickers(self, tickers: Sequence[Ticker], asked: Asked) -> bytes:
        return json.encode([ticker_row(ticker) for ticker in tickers])

    def span(self, asked: Asked) -> Span:
        """From startTime on, before endTime, the oldest `limit` candles."""
        reach_s = min(asked.number("limit", MOST_CANDLES), MOST_CANDLES) * 60
        end_s = min(-(-asked.number("endTime", int(asked.now_s * 1000) + 1) // 1000), int(asked.now_s) + 1)
        start_s = -(-asked.number("startTime", (end_s - reach_s) * 1000) // 1000)
        return Span(asked.text("symbol"), start_s, min(end_s, -(-start_s // 60) * 60 + reach_s))

    def klines(self, market: Market, candles: Sequence[Candle], asked: Asked) -> bytes:
        return json.encode([kline(market, candle) for candle in candles])


def symbol(base: str, quote: str) -> dict[str, Any]:
    return {
        "symbol": base + quote,
        "status": "1",
        "baseAsset": base,
        "baseAssetPrecision": 2,
        "quoteAsset": quote,
        "quotePrecision": 5,
        "orderTypes": ["LIMIT", "MARKET", "LIMIT_MAKER"],
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "permissions": ["SPOT"],
        "filters": [],
        "fullName": base.capitalize(),
        "tradeSideType": 1,
        "st": False,
    }


def ticker_row(ticker: Ticker) -> dict[str, Any]:
    text = ticker.market.text
    return {
        "symbol": ticker.market.pair.upper(),
        "priceChange": text(ticker.price - ticker.open),
        "priceChangePercent": f"{ticker.price / ticker.open - 1:.4f}",
        "prevClosePrice": text(ticker.open),
        "lastPrice": text(ticker.price),
        "bidPrice": text(ticker.price),
        "bidQty": "",
        "askPrice": text(ticker.price),
        "askQty": "",
        "openPrice": text(ticker.open),
        "highPrice": text(ticker.high),
        "lowPrice": text(ticker.low),
        "volume": f"{ticker.volume:.8f}",
        "quoteVolume": f"{ticker.quote_volume:.8f}",
        "openTime": int(ticker.at_s * 1000) - 86_400_000,
        "closeTime": int(ticker.at_s * 1000),
        "count": None,
    }


def kline(market: Market, candle: Candle) -> list[int | str]:
    prices = [market.text(price) for price in (candle.open, candle.high, candle.low, candle.close)]
    turnover = candle.volume * (candle.open + candle.close) / 2
    return [candle.time_s * 1000, *prices, f"{candle.volume:.8f}", (candle.time_s + 60) * 1000, f"{turnover:.8f}"]
