"""MEXC, spot. All tickers come in one answer; prices and volumes are strings, times bare numbers in ms.

Its leveraged tokens, and the pairs that it keeps out of its interface altogether, have isSpotTradingAllowed false.
A status is a number today and was a word. quoteVolume may be null.
Candles: oldest first; 500 a call, although the documents say 1000.
Shapes: https://www.mexc.com/api-docs/spot-v3/market-data-endpoints
"""

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from collector.decode import Body
from collector.exchange import Candle, Exchange, History, Pair, Quote

Row = TypeVar("Row")

OPEN = ("1", "ENABLED")


class ExchangeInfo(Struct, Generic[Row]):
    symbols: list[Row]


class Symbol(Struct, rename="camel"):
    symbol: str
    status: str
    base_asset: str
    quote_asset: str
    is_spot_trading_allowed: bool = True


class Ticker(Struct, rename="camel"):
    symbol: str
    last_price: float
    volume: float
    quote_volume: float | None = None


class Kline(Struct, array_like=True, gc=False):
    time_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class Mexc(Exchange, History):
    name = "mexc"
    base_url = "https://api.mexc.com"
    docs = "https://www.mexc.com/api-docs/spot-v3/introduction"
    limit = "500 weight in 10 s for each path; exchangeInfo 10, ticker/24hr of all symbols 40, klines 1"
    candles_per_call = 500
    candle_requests_per_minute = 3000

    def pair_urls(self) -> Sequence[str]:
        return ["/api/v3/exchangeInfo"]

    def ticker_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        return ["/api/v3/ticker/24hr"]

    def pairs(self, body: Body) -> Iterator[Pair]:
        for row in body.decode(ExchangeInfo[Symbol]).symbols:
            if row.status in OPEN and row.is_spot_trading_allowed:
                yield Pair(row.symbol, row.base_asset, row.quote_asset)

    def quotes(self, body: Body) -> Iterator[Quote]:
        for row in body.decode(list[Ticker]):
            yield Quote(row.symbol, row.last_price, row.volume, row.quote_volume)

    def candle_url(self, pair: Pair, start_s: int, end_s: int) -> str:
        span = f"startTime={start_s * 1000}&endTime={end_s * 1000}"
        return f"/api/v3/klines?symbol={pair.code}&interval=1m&limit=500&{span}"

    def candles(self, body: Body) -> Iterator[Candle]:
        for row in body.decode(list[Kline]):
            yield Candle(row.time_ms // 1000, row.open, row.high, row.low, row.close, row.volume)
