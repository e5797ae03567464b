"""What the database already holds of an exchange: asked before holes are filled, so that no polled point is touched."""

from collections import defaultdict
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from collector.minutes import Span, minute_of_tick
from collector.turnover import Traded
from influx import flux
from influx.client import Database

NEWEST_S = 3600  # how old the newest figures of a pair may be


class Count(Struct):
    pair: str
    count: int = msgspec.field(name="_value")


class First(Struct):
    pair: str
    time: datetime = msgspec.field(name="_time")


class Price(Struct):
    time: datetime = msgspec.field(name="_time")
    value: float = msgspec.field(name="_value")


class Figure(Struct):
    pair: str
    base: str
    quote: str
    field: str = msgspec.field(name="_field")
    value: float = msgspec.field(name="_value")


class Stored:
    """One exchange's quotes as the database has them. DatabaseError: it can't say."""

    def __init__(self, database: Database, exchange: str) -> None:
        self._database, self._exchange = database, exchange

    def counts(self, span: Span) -> dict[str, int]:
        """By pair, how many prices lie at the ticks of the span's minutes."""
        rows = self._database.query(flux.source("queries/counts_of_exchange"), Count, self._params(_ticks(span)))
        return {row.pair: row.count for row in rows}

    def firsts(self, span: Span) -> dict[str, int]:
        """By pair, the first tick of the span's minutes that has a price, in Unix seconds."""
        rows = self._database.query(flux.source("queries/firsts_of_exchange"), First, self._params(_ticks(span)))
        return {row.pair: int(row.time.timestamp()) for row in rows}

    def prices(self, pair: str, span: Span) -> dict[int, float]:
        """By minute, the last price at its ticks; minutes without one are not there."""
        params = self._params({"pair": pair, **_ticks(span)})
        rows = self._database.query(flux.source("queries/minutes_of_pair"), Price, params)
        return {minute_of_tick(row.time.timestamp()): row.value for row in rows}

    def traded(self, now_s: float) -> list[Traded]:
        """Each pair's newest price and 24 h turnover."""
        params = self._params({"from": _time(now_s - NEWEST_S)})
        figures: defaultdict[tuple[str, str, str], dict[str, float]] = defaultdict(dict)
        for row in self._database.query(flux.source("queries/newest_of_exchange"), Figure, params):
            figures[row.pair, row.base, row.quote][row.field] = row.value
        return [
            Traded(*series, price=known["price"], turnover=_turnover(known))
            for series, known in figures.items()
            if "price" in known
        ]

    def _params(self, params: flux.Options) -> flux.Options:
        return {"params": {"exchange": self._exchange, **params}}


def _turnover(figures: dict[str, float]) -> float:
    return figures.get("quote_volume", figures.get("volume", 0.0) * figures["price"])


def _ticks(span: Span) -> dict[str, flux.Value]:
    """The range that holds the ticks of the span's minutes: they lie behind a minute's start, up to its end."""
    return {"from": _time(span.start_s + 0.001), "to": _time(span.end_s + 0.001)}


def _time(moment_s: float) -> datetime:
    return datetime.fromtimestamp(moment_s, UTC)
