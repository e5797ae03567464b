"""Bybit, spot. All tickers come in one answer; numbers are strings; an error comes with HTTP 200 and a retCode.

The list of spot instruments has no pages. It has no leveraged tokens any more: Bybit ended them in July 2025.
Candles: newest first, strings, times in ms; a minute without a trade is there with volume 0.
Shapes: https://bybit-exchange.github.io/docs/v5/market/instrument, tickers and kline there.
"""

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct, field

from collector.decode import Body
from collector.exchange import Candle, Declined, Exchange, History, Pair, Quote

Row = TypeVar("Row")

TOO_OFTEN = (10006, 10018)


class Result(Struct, Generic[Row]):
    rows: list[Row] = field(default_factory=list, name="list")


class Answer(Struct, Generic[Row], rename="camel"):
    ret_code: int
    ret_msg: str
    result: Result[Row] | None = None


class Instrument(Struct, rename="camel"):
    symbol: str
    base_coin: str
    quote_coin: str
    status: str


class Ticker(Struct, rename="camel"):
    symbol: str
    last_price: float
    volume24h: float
    turnover24h: float


class Kline(Struct, array_like=True, gc=False):
    time_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class Bybit(Exchange, History):
    name = "bybit"
    base_url = "https://api.bybit.com"
    docs = "https://bybit-exchange.github.io/docs/v5/intro"
    limit = "600 requests in 5 s"
    remaining_header = "x-bapi-limit-status"
    candles_per_call = 1000
    candle_requests_per_minute = 7200

    def pair_urls(self) -> Sequence[str]:
        return ["/v5/market/instruments-info?category=spot"]

    def ticker_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        return ["/v5/market/tickers?category=spot"]

    def pairs(self, body: Body) -> Iterator[Pair]:
        for row in _rows(body.decode(Answer[Instrument])):
            if row.status == "Trading":
                yield Pair(row.symbol, row.base_coin, row.quote_coin)

    def quotes(self, body: Body) -> Iterator[Quote]:
        for row in _rows(body.decode(Answer[Ticker])):
            yield Quote(row.symbol, row.last_price, row.volume24h, row.turnover24h)

    def candle_url(self, pair: Pair, start_s: int, end_s: int) -> str:
        span = f"start={start_s * 1000}&end={end_s * 1000 - 1}"
        return f"/v5/market/kline?category=spot&symbol={pair.code}&interval=1&limit=1000&{span}"

    def candles(self, body: Body) -> Iterator[Candle]:
        for row in _rows(body.decode(Answer[Kline])):
            yield Candle(row.time_ms // 1000, row.open, row.high, row.low, row.close, row.volume)


def _rows(answer: Answer[Row]) -> list[Row]:
    if answer.ret_code:
        raise Declined(f"{answer.ret_code} {answer.ret_msg}", limited=answer.ret_code in TOO_OFTEN)
    return answer.result.rows if answer.result else []
