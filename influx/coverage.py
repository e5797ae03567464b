"""How much of a stretch of time is known of a series: which minutes were polled, which healed, which are missing.

A minute without a trade is known: it has a quote, and where candles are collected one with volume 0. A minute that is
missing was not collected, and the exchange no longer gives it.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from influx import flux

MINUTE_S = 60
QUERY = "coverage"


class Counted(Struct):
    """A row of queries/coverage."""

    name: str
    minutes: int = msgspec.field(name="_value")


class Coverage(Struct, frozen=True):
    """Minutes of a stretch."""

    expected: Annotated[int, Meta(description="minutes of the stretch", examples=[1440])]
    polled: Annotated[int, Meta(description="minutes with a quote from a poll", examples=[1380])]
    healed: Annotated[int, Meta(description="minutes filled in from the exchange's candles", examples=[58])]
    missing: Annotated[int, Meta(description="minutes that were not collected", examples=[2])]
    candles: Annotated[int, Meta(description="minutes with the exchange's own candle", examples=[1438])]
    quiet: Annotated[int, Meta(description="of these, minutes without a trade", examples=[210])]


def params(exchange: str, pair: str, start_s: int, stop_s: int) -> flux.Options:
    """The query's parameters for the minutes that start in [start_s, stop_s), Unix seconds of full minutes."""
    return {
        "exchange": exchange,
        "pair": pair,
        "from": _time(start_s + 0.001),  # a tick at the start is the minute's before
        "to": _time(stop_s + 0.001),
        "minutes_from": _time(start_s),
        "minutes_to": _time(stop_s),
    }


def of(rows: list[Counted], start_s: int, stop_s: int) -> Coverage:
    """What the query's rows say of that stretch."""
    minutes = {row.name: row.minutes for row in rows}
    expected = max(0, (stop_s - start_s) // MINUTE_S)
    quoted, healed = minutes.get("quoted", 0), minutes.get("healed", 0)
    candles = minutes.get("candles", 0)
    return Coverage(
        expected=expected,
        polled=quoted - healed,
        healed=healed,
        missing=expected - quoted,
        candles=candles,
        quiet=candles - minutes.get("traded", 0),
    )


Ask = Callable[[str, type[Counted], flux.Options], list[Counted]]
"""Runs a query of queries/ by its name, with its params."""


def coverage(ask: Ask, exchange: str, pair: str, start_s: int, stop_s: int) -> Coverage:
    """The coverage of the minutes that start in [start_s, stop_s)."""
    return of(ask(QUERY, Counted, params(exchange, pair, start_s, stop_s)), start_s, stop_s)


def _time(moment_s: float) -> datetime:
    return datetime.fromtimestamp(moment_s, UTC)
