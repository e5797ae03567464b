"""Gate.io, spot. All tickers come in one answer; numbers are strings.

Leveraged tokens are told by their ticker's etf_leverage; the list of pairs, which has no such flag, says it in the
currency's full name: 3xLong, 5xShort. Pre-market pairs have a type of their own.
Candles: [time, quote volume, CLOSE, HIGH, LOW, OPEN, base volume, closed], oldest first, strings, times in s; none
older than 10,000 minutes.
Shapes: https://www.gate.com/docs/developers/apiv4/en/ (Spot: Query all supported currency pairs, Get currency pair
ticker information, Market K-line chart).
"""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from collector.decode import Body
from collector.exchange import Candle, Exchange, History, Pair, Quote

LEVERAGED = re.compile(r"\dx(Long|Short)$|倍[多空]")


class CurrencyPair(Struct):
    id: str
    base: str
    quote: str
    trade_status: str
    base_name: str = ""
    type: str = "normal"


class Ticker(Struct):
    currency_pair: str
    last: float
    base_volume: float
    quote_volume: float
    etf_leverage: str | None = None


class Candlestick(Struct, array_like=True, gc=False):
    time_s: int
    quote_volume: float
    close: float
    high: float
    low: float
    open: float
    volume: float


class Gateio(Exchange, History):
    name = "gateio"
    base_url = "https://api.gateio.ws"
    docs = "https://www.gate.com/docs/developers/apiv4/en/"
    limit = "200 requests in 10 s for each path"
    remaining_header = "x-gate-ratelimit-requests-remain"
    candles_per_call = 1000
    candle_depth = 10_000
    candle_requests_per_minute = 1200

    def pair_urls(self) -> Sequence[str]:
        return ["/api/v4/spot/currency_pairs"]

    def ticker_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        return ["/api/v4/spot/tickers"]

    def pairs(self, body: Body) -> Iterator[Pair]:
        for row in body.decode(list[CurrencyPair]):
            if row.trade_status != "untradable" and row.type == "normal" and not LEVERAGED.search(row.base_name):
                yield Pair(row.id, row.base, row.quote)

    def quotes(self, body: Body) -> Iterator[Quote]:
        for row in body.decode(list[Ticker]):
            if not row.etf_leverage:
                yield Quote(row.currency_pair, row.last, row.base_volume, row.quote_volume)

    def candle_url(self, pair: Pair, start_s: int, end_s: int) -> str:
        return f"/api/v4/spot/candlesticks?currency_pair={pair.code}&interval=1m&from={start_s}&to={end_s - 1}"

    def candles(self, body: Body) -> Iterator[Candle]:
        for row in body.decode(list[Candlestick]):
            yield Candle(row.time_s, row.open, row.high, row.low, row.close, row.volume)
