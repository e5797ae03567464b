"""Kraken, spot. All tickers come in one answer; numbers are strings; the 24 h figures stand second in each list.

Candles: the newest 720 at most, oldest first; a minute without a trade is there with volume 0; times in s.
Shapes: https://docs.kraken.com/api/docs/rest-api/get-tradable-asset-pairs, get-ticker-information and get-ohlc-data
there.
"""

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from collector.decode import Body
from collector.exchange import Candle, Declined, Exchange, History, Pair, Quote

Row = TypeVar("Row")

OPEN = ("online", "limit_only", "post_only")
COMMON = {"XBT": "BTC", "XDG": "DOGE"}  # as assetVersion=1 has it, which keys BTC/USD for XXBTZUSD


class Answer(Struct, Generic[Row]):
    error: list[str]
    result: dict[str, Row] = {}


class Charts(Struct, Generic[Row]):
    error: list[str]
    result: dict[str, list[Row] | int] = {}  # beside the pair stands "last", a time


class Market(Struct):
    altname: str
    wsname: str | None = None  # dark pools have none
    status: str = "online"  # recordings of 2021 have no status yet


class Ticker(Struct):
    c: tuple[float, float]  # last trade: price, lot volume
    v: tuple[float, float]  # volume: today, 24 h
    p: tuple[float, float]  # volume-weighted price: today, 24 h


class Ohlc(Struct, array_like=True, gc=False):
    time_s: int
    open: float
    high: float
    low: float
    close: float
    vwap: float
    volume: float


class Kraken(Exchange, History):
    name = "kraken"
    base_url = "https://api.kraken.com"
    docs = "https://docs.kraken.com/api/"
    limit = "1 request/s"
    aliases = {**COMMON, "LUNA": "LUNC", "LUNA2": "LUNA", "UST": "USTC"}
    quote_volume = "24 h volume x 24 h volume-weighted price"
    candles_per_call = 720
    candle_depth = 720
    candle_requests_per_minute = 60

    def pair_urls(self) -> Sequence[str]:
        return ["/0/public/AssetPairs"]

    def ticker_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        return ["/0/public/Ticker"]

    def pairs(self, body: Body) -> Iterator[Pair]:
        answer = body.decode(Answer[Market])
        refuse(answer.error)
        for code, market in answer.result.items():
            if market.wsname and market.status in OPEN:
                base, _, quote = market.wsname.partition("/")
                common = f"{COMMON.get(base, base)}/{COMMON.get(quote, quote)}"
                yield Pair(code, base, quote, also=(market.altname, common))

    def quotes(self, body: Body) -> Iterator[Quote]:
        answer = body.decode(Answer[Ticker])
        refuse(answer.error)
        for code, ticker in answer.result.items():
            volume = ticker.v[1]
            yield Quote(code, price=ticker.c[0], volume=volume, quote_volume=volume * ticker.p[1])

    def candle_url(self, pair: Pair, start_s: int, end_s: int) -> str:
        # `since` itself is left out of the answer.
        return f"/0/public/OHLC?pair={pair.code}&interval=1&since={start_s - 60}"

    def candles(self, body: Body) -> Iterator[Candle]:
        answer = body.decode(Charts[Ohlc])
        refuse(answer.error)
        for rows in answer.result.values():
            if isinstance(rows, list):
                for row in rows:
                    yield Candle(row.time_s, row.open, row.high, row.low, row.close, row.volume)


def refuse(errors: Sequence[str]) -> None:
    if errors:
        limited = any("Rate limit" in text or "Too many requests" in text for text in errors)
        raise Declined(", ".join(errors), limited=limited)
