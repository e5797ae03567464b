"""Bitstamp, spot. All tickers come in one answer; numbers are strings; volume is in base currency.

The list of markets is markets/ today and was trading-pairs-info/, with other names of its fields; both are read.
Candles: oldest first, strings, times in s; a minute without a trade is there with volume 0.
Shapes: https://www.bitstamp.net/api/ (Market info: Markets, OHLC data; Tickers: Currency pair tickers).
"""

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from collector.decode import Body
from collector.exchange import Candle, Exchange, History, Pair, Quote

Row = TypeVar("Row")


class Market(Struct):
    name: str
    trading: str
    market_symbol: str = ""
    url_symbol: str = ""  # its older name
    base_currency: str = ""
    counter_currency: str = ""
    market_type: str = "SPOT"


class Ticker(Struct):
    pair: str
    last: float
    volume: float
    vwap: float


class Bar(Struct, gc=False):
    timestamp: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class Chart(Struct, Generic[Row]):
    ohlc: list[Row]


class Charts(Struct, Generic[Row]):
    data: Chart[Row]


class Bitstamp(Exchange, History):
    name = "bitstamp"
    base_url = "https://www.bitstamp.net"
    docs = "https://www.bitstamp.net/api/"
    limit = "400 requests/s, 10000 in 10 min"
    aliases = {"UST": "USTC"}
    quote_volume = "24 h volume x 24 h volume-weighted price"
    candles_per_call = 1000
    candle_requests_per_minute = 1000

    def pair_urls(self) -> Sequence[str]:
        return ["/api/v2/markets/"]

    def ticker_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        return ["/api/v2/ticker/"]

    def pairs(self, body: Body) -> Iterator[Pair]:
        for row in body.decode(list[Market]):
            if row.trading == "Enabled" and row.market_type == "SPOT":
                base, _, quote = row.name.partition("/")
                code = row.market_symbol or row.url_symbol
                yield Pair(code, row.base_currency or base, row.counter_currency or quote, also=(row.name,))

    def quotes(self, body: Body) -> Iterator[Quote]:
        for row in body.decode(list[Ticker]):
            yield Quote(row.pair, row.last, row.volume, row.volume * row.vwap)

    def candle_url(self, pair: Pair, start_s: int, end_s: int) -> str:
        return f"/api/v2/ohlc/{pair.code}/?step=60&limit=1000&start={start_s}&end={end_s - 1}"

    def candles(self, body: Body) -> Iterator[Candle]:
        for row in body.decode(Charts[Bar]).data.ohlc:
            yield Candle(row.timestamp, row.open, row.high, row.low, row.close, row.volume)
