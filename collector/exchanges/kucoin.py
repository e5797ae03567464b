"""KuCoin, spot. All tickers come in one answer; numbers are strings; an error comes with HTTP 200 and a code.

A market keeps its `symbol` when a currency is renamed and gets another `name`: BCHSV-USDT is BSV-USDT. Leveraged
tokens stand in the market ETF. The list is api/v2/symbols today; api/v1/symbols has the same fields.
Candles: [time, open, CLOSE, HIGH, LOW, volume, turnover], newest first, strings, times in s; a minute without a trade
is left out.
Shapes: https://www.kucoin.com/docs-new/rest/spot-trading/market-data/get-all-symbols, get-all-tickers and get-klines
there.
"""

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from collector.decode import Body
from collector.exchange import Candle, Declined, Exchange, History, Pair, Quote

Row = TypeVar("Row")


class Answer(Struct, Generic[Row]):
    code: str
    msg: str = ""
    data: list[Row] | None = None


class Snapshot(Struct, Generic[Row]):
    ticker: list[Row] = []


class Tickers(Struct, Generic[Row]):
    code: str
    msg: str = ""
    data: Snapshot[Row] | None = None


class Symbol(Struct, rename="camel"):
    symbol: str
    name: str
    base_currency: str
    quote_currency: str
    enable_trading: bool
    market: str = ""


class Ticker(Struct, rename="camel"):
    symbol: str
    last: float
    vol: float
    vol_value: float | None = None  # not there yet in 2019


class Kline(Struct, array_like=True, gc=False):
    time_s: int
    open: float
    close: float
    high: float
    low: float
    volume: float


class Kucoin(Exchange, History):
    name = "kucoin"
    base_url = "https://api.kucoin.com"
    docs = "https://www.kucoin.com/docs-new/"
    limit = "2000 weight in 30 s; symbols 4, allTickers 15, candles 3"
    remaining_header = "gw-ratelimit-remaining"
    candles_per_call = 1500
    candle_requests_per_minute = 1333

    def pair_urls(self) -> Sequence[str]:
        return ["/api/v2/symbols"]

    def ticker_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        return ["/api/v1/market/allTickers"]

    def pairs(self, body: Body) -> Iterator[Pair]:
        answer = body.decode(Answer[Symbol])
        _refuse(answer.code, answer.msg)
        for row in answer.data or []:
            if row.enable_trading and row.market != "ETF":
                yield Pair(row.symbol, row.base_currency, row.quote_currency, also=(row.name,))

    def quotes(self, body: Body) -> Iterator[Quote]:
        answer = body.decode(Tickers[Ticker])
        _refuse(answer.code, answer.msg)
        for row in answer.data.ticker if answer.data else []:
            yield Quote(row.symbol, row.last, row.vol, row.vol_value)

    def candle_url(self, pair: Pair, start_s: int, end_s: int) -> str:
        return f"/api/v1/market/candles?symbol={pair.code}&type=1min&startAt={start_s}&endAt={end_s - 1}"

    def candles(self, body: Body) -> Iterator[Candle]:
        answer = body.decode(Answer[Kline])
        _refuse(answer.code, answer.msg)
        for row in answer.data or []:
            yield Candle(row.time_s, row.open, row.high, row.low, row.close, row.volume)


def _refuse(code: str, message: str) -> None:
    if code != "200000":
        raise Declined(f"{code} {message}", limited=code == "429000")
