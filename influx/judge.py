"""Judges ticks by the check's own file, at any time: what was missed, what came late, what a rule would have raised.

Of a range of ticks only those series are judged one by one that can have broken the rule in it (queries/possible).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct, field

from influx import flux
from influx.check import FILE, Check, pattern
from influx.client import Database

AFTER = timedelta(microseconds=1)
MOST_PAIRS = 300
"""More names than this in one pattern cost more than the series that they save."""


class Status(Struct, frozen=True, kw_only=True):
    """A status that a check raised for a series: a row of _monitoring, the body of a notification, a judge's answer."""

    rule: str = field(name="_check_name")
    exchange: str
    pair: str
    metric: str
    price: float
    value: float
    mean: float
    time_ns: int = field(name="_source_timestamp")
    late: bool = False


class Series(Struct, frozen=True):
    """One exchange's pair."""

    exchange: str
    pair: str


def judge_range(
    database: Database, check: Check, ticks: range, exchanges: Sequence[str] = (), *, writes: bool
) -> Iterator[list[Status]]:
    """The statuses of ticks (Unix seconds on the check's grid, an hour of them at most), newest tick first.

    `exchanges` names those to judge, all if none. With `writes` the statuses are written to _monitoring, marked late.
    """
    series = possible(database, check, ticks, exchanges)
    for tick_s in reversed(ticks) if series else ():
        statuses = judge_tick(database, check, tick_s, series, writes=writes)
        if statuses:
            yield statuses


def possible(database: Database, check: Check, ticks: range, exchanges: Sequence[str] = ()) -> list[Series]:
    """The series that can have broken the rule at any of the ticks."""
    taken = [name for name in exchanges if re.match(str(check.params["exchanges"]), name)]
    if not ticks or (exchanges and not taken):
        return []
    params = check.params | {"start": moment(ticks[0]) - check.reach, "stop": moment(ticks[-1]) + AFTER}
    if taken:
        params["exchanges"] = pattern(taken)
    return database.query(flux.source("queries/possible"), Series, {"params": params})


def judge_tick(
    database: Database, check: Check, tick_s: int, series: Sequence[Series] = (), *, writes: bool
) -> list[Status]:
    """The statuses of one tick, marked late; of these series, or of all if none are named."""
    params = check.params | {"late": True, "writes": writes}
    if series:
        params["exchanges"] = pattern(sorted({one.exchange for one in series}))
        pairs = sorted({one.pair for one in series})
        if len(pairs) <= MOST_PAIRS:
            params["pairs"] = pattern(pairs)
    rows = database.query(flux.source(FILE), Status, {"params": params}, now=moment(tick_s + check.back_s))
    return [msgspec.structs.replace(row, late=True) for row in rows]


def moment(time_s: int) -> datetime:
    """Unix seconds as a time."""
    return datetime.fromtimestamp(time_s, UTC)
