"""Kraken, spot. All tickers come in one answer; numbers are strings; the 24 h figures stand second in each list.

Shapes: https://docs.kraken.com/api/docs/rest-api/get-tradable-asset-pairs and get-ticker-information there.
"""

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from collector.decode import Body
from collector.exchange import Declined, Exchange, Pair, Quote

Row = TypeVar("Row")


class Answer(Struct, Generic[Row]):
    error: list[str]
    result: dict[str, Row] = {}


class Market(Struct):
    altname: str
    wsname: str | None = None  # dark pools have none
    status: str = "online"  # recordings of 2021 have no status yet


class Ticker(Struct):
    c: tuple[float, float]  # last trade: price, lot volume
    v: tuple[float, float]  # volume: today, 24 h
    p: tuple[float, float]  # volume-weighted price: today, 24 h


class Kraken(Exchange):
    name = "kraken"
    base_url = "https://api.kraken.com"
    docs = "https://docs.kraken.com/api/"
    limit = "1 request/s"
    aliases = {"XBT": "BTC", "XDG": "DOGE"}

    def pair_urls(self) -> Sequence[str]:
        return ["/0/public/AssetPairs"]

    def ticker_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        return ["/0/public/Ticker"]

    def pairs(self, body: Body) -> Iterator[Pair]:
        for code, market in _result(body.decode(Answer[Market])).items():
            if market.wsname and market.status == "online":
                base, quote = market.wsname.split("/")
                # assetVersion=1 keys the same tickers by the common names, e.g. BTC/USD for XXBTZUSD.
                common = f"{self.aliases.get(base, base)}/{self.aliases.get(quote, quote)}"
                yield Pair(code, base, quote, also=(market.altname, common))

    def quotes(self, body: Body) -> Iterator[Quote]:
        for code, ticker in _result(body.decode(Answer[Ticker])).items():
            volume = ticker.v[1]
            yield Quote(code, price=ticker.c[0], volume=volume, quote_volume=volume * ticker.p[1])


def _result(answer: Answer[Row]) -> dict[str, Row]:
    if answer.error:
        raise Declined(", ".join(answer.error), limited=any("Rate limit" in text for text in answer.error))
    return answer.result
