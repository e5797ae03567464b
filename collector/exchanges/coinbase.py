"""Coinbase Exchange, spot. All tickers come in one answer; numbers are strings; volume is in base currency.

The bulk answer, products/stats, is not in the documents; a row's `stats_24hour` has the documented shape of
products/{id}/stats, of which all products would take longer than a minute at the published limit. It has no quote
volume: that is the volume times the middle of the day's low, high and last price.
Candles: [time, LOW, HIGH, open, close, volume], newest first, bare numbers, times in s; a minute without a trade is
left out.
Shapes: https://docs.cdp.coinbase.com/api-reference/exchange-api/rest-api/products/get-all-known-trading-pairs,
get-product-stats and get-product-candles there.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from collector.decode import Body
from collector.exchange import Candle, Exchange, History, Pair, Quote


class Product(Struct):
    id: str
    base_currency: str
    quote_currency: str
    status: str
    trading_disabled: bool = False
    cancel_only: bool = False
    auction_mode: bool = False


class Day(Struct):
    low: float
    high: float
    last: float
    volume: float


class Stats(Struct):
    stats_24hour: Day


class Bucket(Struct, array_like=True, gc=False):
    time_s: int
    low: float
    high: float
    open: float
    close: float
    volume: float


class Coinbase(Exchange, History):
    name = "coinbase"
    base_url = "https://api.exchange.coinbase.com"
    docs = "https://docs.cdp.coinbase.com/exchange/"
    limit = "10 requests/s"
    aliases = {"CGLD": "CELO"}
    quote_volume = "24 h volume x (low + high + last) / 3"
    candles_per_call = 300
    candle_requests_per_minute = 600

    def pair_urls(self) -> Sequence[str]:
        return ["/products"]

    def ticker_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        return ["/products/stats"]

    def pairs(self, body: Body) -> Iterator[Pair]:
        for row in body.decode(list[Product]):
            if row.status == "online" and not (row.trading_disabled or row.cancel_only or row.auction_mode):
                yield Pair(row.id, row.base_currency, row.quote_currency)

    def quotes(self, body: Body) -> Iterator[Quote]:
        for code, row in body.decode(dict[str, Stats]).items():
            day = row.stats_24hour
            yield Quote(code, day.last, day.volume, day.volume * (day.low + day.high + day.last) / 3)

    def candle_url(self, pair: Pair, start_s: int, end_s: int) -> str:
        return f"/products/{pair.code}/candles?granularity=60&start={start_s}&end={end_s - 1}"

    def candles(self, body: Body) -> Iterator[Candle]:
        for row in body.decode(list[Bucket]):
            yield Candle(row.time_s, row.open, row.high, row.low, row.close, row.volume)
