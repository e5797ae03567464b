"""HTX (once Huobi), spot. All tickers come in one answer; bare numbers; an error comes with HTTP 200 and a status.

`amount` is in base currency, `vol` in quote currency. The list of symbols has short names today and had long ones;
both are read. Leveraged tokens name their underlying market.
Candles: the newest 2000 at most, newest first, times in s; a minute without a trade is there with volume 0.
Shapes: https://www.htx.com/en-us/opend/newApiPages/ (Get market symbols setting, Get latest tickers for all pairs,
Get klines).
"""

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct, field

from collector.decode import Body
from collector.exchange import Candle, Declined, Exchange, History, Pair, Quote

Row = TypeVar("Row")


class Answer(Struct, Generic[Row], rename="kebab"):
    status: str
    err_code: str = ""
    err_msg: str = ""
    data: list[Row] | None = None


class Symbol(Struct):
    symbol: str
    state: str
    bc: str = ""
    qc: str = ""
    u: str | None = None  # a leveraged token's underlying market
    base_currency: str = field(default="", name="base-currency")  # the older names of the three
    quote_currency: str = field(default="", name="quote-currency")
    underlying: str | None = None


class Ticker(Struct):
    symbol: str
    close: float
    amount: float
    vol: float


class Kline(Struct, gc=False):
    id: int
    open: float
    high: float
    low: float
    close: float
    amount: float


class Htx(Exchange, History):
    name = "htx"
    base_url = "https://api.huobi.pro"
    docs = "https://www.htx.com/en-us/opend/newApiPages/"
    limit = "10 requests/s"
    candles_per_call = 2000
    candle_depth = 2000
    candle_requests_per_minute = 600

    def pair_urls(self) -> Sequence[str]:
        return ["/v1/settings/common/market-symbols"]

    def ticker_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        return ["/market/tickers"]

    def pairs(self, body: Body) -> Iterator[Pair]:
        for row in _data(body.decode(Answer[Symbol])):
            if row.state == "online" and not (row.u or row.underlying):
                yield Pair(row.symbol, (row.bc or row.base_currency).upper(), (row.qc or row.quote_currency).upper())

    def quotes(self, body: Body) -> Iterator[Quote]:
        for row in _data(body.decode(Answer[Ticker])):
            yield Quote(row.symbol, row.close, row.amount, row.vol)

    def candle_url(self, pair: Pair, start_s: int, end_s: int) -> str:
        # The exchange counts back from the present and takes no times.
        return f"/market/history/kline?symbol={pair.code}&period=1min&size=2000"

    def candles(self, body: Body) -> Iterator[Candle]:
        for row in _data(body.decode(Answer[Kline])):
            yield Candle(row.id, row.open, row.high, row.low, row.close, row.amount)


def _data(answer: Answer[Row]) -> list[Row]:
    if answer.status != "ok":
        limited = "too-many" in answer.err_code or "frequent" in answer.err_code
        raise Declined(f"{answer.err_code} {answer.err_msg}", limited=limited)
    return answer.data or []
