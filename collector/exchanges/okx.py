"""OKX, spot. All tickers come in one answer; every number is a string; an error comes with HTTP 200 and a code.

For spot vol24h is in base currency and volCcy24h in quote currency.
Candles: newest first, times in ms, closed ones only; `before` and `after` leave out the times that they name and mean
newer and older than these.
Shapes: https://www.okx.com/docs-v5/en/ (Public data: Get instruments; Market data: Get tickers, Get candlesticks
history).
"""

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct, field

from collector.decode import Body
from collector.exchange import Candle, Declined, Exchange, History, Pair, Quote

Row = TypeVar("Row")

TOO_OFTEN = "50011"


class Answer(Struct, Generic[Row]):
    code: str
    msg: str = ""
    data: list[Row] = []


class Instrument(Struct, rename="camel"):
    inst_id: str
    inst_type: str
    base_ccy: str
    quote_ccy: str
    state: str


class Ticker(Struct, rename="camel"):
    inst_id: str
    last: float
    vol24h: float
    vol_ccy24h: float = field(name="volCcy24h")


class Bar(Struct, array_like=True, gc=False):
    time_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class Okx(Exchange, History):
    name = "okx"
    base_url = "https://www.okx.com"
    docs = "https://www.okx.com/docs-v5/en/"
    limit = "20 requests in 2 s for each of instruments, tickers and candles"
    candles_per_call = 300
    candle_requests_per_minute = 600

    def pair_urls(self) -> Sequence[str]:
        return ["/api/v5/public/instruments?instType=SPOT"]

    def ticker_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        return ["/api/v5/market/tickers?instType=SPOT"]

    def pairs(self, body: Body) -> Iterator[Pair]:
        for row in _data(body.decode(Answer[Instrument])):
            if row.state == "live" and row.inst_type == "SPOT":
                yield Pair(row.inst_id, row.base_ccy, row.quote_ccy)

    def quotes(self, body: Body) -> Iterator[Quote]:
        for row in _data(body.decode(Answer[Ticker])):
            yield Quote(row.inst_id, row.last, row.vol24h, row.vol_ccy24h)

    def candle_url(self, pair: Pair, start_s: int, end_s: int) -> str:
        span = f"before={start_s * 1000 - 1}&after={end_s * 1000}"
        return f"/api/v5/market/history-candles?instId={pair.code}&bar=1m&limit=300&{span}"

    def candles(self, body: Body) -> Iterator[Candle]:
        for row in _data(body.decode(Answer[Bar])):
            yield Candle(row.time_ms // 1000, row.open, row.high, row.low, row.close, row.volume)


def _data(answer: Answer[Row]) -> list[Row]:
    if answer.code != "0":
        raise Declined(f"{answer.code} {answer.msg}", limited=answer.code == TOO_OFTEN)
    return answer.data
