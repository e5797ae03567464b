"""Binance's pages: exchangeInfo and ticker/24hr with symbols that no longer trade, klines.

Shapes: https://developers.binance.com/docs/binance-spot-api-docs/rest-api/general-endpoints and
market-data-endpoints there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import json

from tests.exchange_simulator.market import Candle, Market, Ticker
from tests.exchange_simulator.wire import Asked, Candles, Page, Pairs, Refusal, Span, Tickers, Wire

DELISTED = (("BCC", "BTC"), ("VEN", "USDT"))
"""Symbols that stay on both pages for years: status BREAK, and a ticker of zeros."""
STEPS_S = {"1m": 60, "3m": 180, "5m": 300, "15m": 900, "30m": 1800, "1h": 3600}
MOST_CANDLES = 1000
ZERO = "0.00000000"


class Binance(Wire):
    name = "binance"
    unknown_market = Refusal(400, b'{"code":-1121,"msg":"Invalid symbol."}')
    declined = Refusal(429, b'{"code":-1003,"msg":"Too much request weight used; current limit is 6000 per 1 MINUTE."}')
    weight_header = "X-MBX-USED-WEIGHT-1M"

    def pages(self) -> Mapping[str, Page]:
        return {
            "/api/v3/exchangeInfo": Pairs(self.exchange_info, weight=20),
            "/api/v3/ticker/24hr": Tickers(self.tickers, codes=self.asked_symbols, weight=80),
            "/api/v3/klines": Candles(self.span, self.klines, weight=2),
        }

    def codes(self, market: Market) -> Sequence[str]:
        return (market.pair.upper(),)

    def exchange_info(self, markets: Sequence[Market], asked: Asked) -> bytes:
        symbols = [symbol(market.base.upper(), market.quote.upper(), "TRADING") for market in markets]
        if markets:
            symbols += [symbol(base, quote, "BREAK") for base, quote in DELISTED]
        limit = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000}
        return json.encode(
            {
                "timezone": "UTC",
                "serverTime": int(asked.now_s * 1000),
                "rateLimits": [limit],
                "exchangeFilters": [],
                "symbols": symbols,
            }
        )

    def asked_symbols(self, asked: Asked) -> Sequence[str] | None:
        """One `symbol`, a JSON list of `symbols`, or neither."""
        if asked.text("symbols"):
            return json.decode(asked.text("symbols"), type=list[str])
        return [asked.text("symbol")] if asked.text("symbol") else None

    def tickers(self, tickers: Sequence[Ticker], asked: Asked) -> bytes:
        rows = [ticker_row(ticker) for ticker in tickers]
        if asked.text("symbol"):
            return json.encode(rows[0] if rows else {})
        if rows and not asked.text("symbols"):
            rows += [stopped_row(base + quote, asked.now_s) for base, quote in DELISTED]
        return json.encode(rows)

    def span(self, asked: Asked) -> Span:
        """From startTime on the oldest `limit` candles, without it the newest."""
        step_s = STEPS_S.get(asked.text("interval"), 0)
        if not step_s:
            raise ValueError(f"interval is {asked.text('interval')!r}; accepted: {', '.join(STEPS_S)}")
        reach_s = min(asked.number("limit", 500), MOST_CANDLES) * step_s
        # endTime is the last millisecond at which a candle may start.
        end_s = asked.number("endTime", int(asked.now_s * 1000)) // 1000 + 1
        if "startTime" not in asked.parameters:
            newest_s = (end_s - 1) // step_s * step_s
            return Span(asked.text("symbol"), newest_s + step_s - reach_s, end_s, step_s)
        start_s = -(-asked.number("startTime", 0) // 1000)
        first_s = -(-start_s // step_s) * step_s
        return Span(asked.text("symbol"), first_s, min(end_s, first_s + reach_s), step_s)

    def klines(self, market: Market, candles: Sequence[Candle], asked: Asked) -> bytes:
        step_s = STEPS_S[asked.text("interval")]
        return json.encode([kline(market, candle, step_s) for candle in candles])


def symbol(base: str, quote: str, status: str) -> dict[str, Any]:
    return {
        "symbol": base + quote,
        "status": status,
        "baseAsset": base,
        "baseAssetPrecision": 8,
        "quoteAsset": quote,
        "quotePrecision": 8,
        "orderTypes": ["LIMIT", "MARKET"],
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "permissionSets": [["SPOT"]],
    }


def ticker_row(ticker: Ticker) -> dict[str, Any]:
    text = ticker.market.text
    price = text(ticker.price)
    now_ms = int(ticker.at_s * 1000)
    return {
        "symbol": ticker.market.pair.upper(),
        "priceChange": text(ticker.price - ticker.open),
        "priceChangePercent": f"{(ticker.price / ticker.open - 1) * 100:.3f}",
        "weightedAvgPrice": text(ticker.vwap),
        "lastPrice": price,
        "bidPrice": price,
        "askPrice": price,
        "openPrice": text(ticker.open),
        "highPrice": text(ticker.high),
        "lowPrice": text(ticker.low),
        "volume": f"{ticker.volume:.8f}",
        "quoteVolume": f"{ticker.quote_volume:.8f}",
        "openTime": now_ms - 86_400_000,
        "closeTime": now_ms,
        "firstId": 1,
        "lastId": 1000,
        "count": 1000,
    }


def stopped_row(code: str, now_s: float) -> dict[str, Any]:
    closed_ms = int(now_s * 1000) - 10 * 86_400_000
    prices = ("priceChange", "weightedAvgPrice", "lastPrice", "bidPrice", "askPrice", "openPrice", "highPrice")
    row: dict[str, Any] = dict.fromkeys((*prices, "lowPrice", "volume", "quoteVolume"), ZERO)
    times = {"openTime": closed_ms - 86_400_000, "closeTime": closed_ms, "firstId": -1, "lastId": -1, "count": 0}
    return {"symbol": code, "priceChangePercent": "0.000", **row, **times}


def kline(market: Market, candle: Candle, step_s: int) -> list[int | str]:
    turnover = candle.volume * (candle.open + candle.close) / 2
    return [
        candle.time_s * 1000,
        market.text(candle.open),
        market.text(candle.high),
        market.text(candle.low),
        market.text(candle.close),
        f"{candle.volume:.8f}",
        (candle.time_s + step_s) * 1000 - 1,
        f"{turnover:.8f}",
        10 if candle.volume else 0,
        f"{candle.volume / 2:.8f}",
        f"{turnover / 2:.8f}",
        "0",
    ]
