"""Judges ticks by the check's own file, at any time: what was missed, what came late, what a rule would have raised.

Of a range of ticks only those series are judged one by one that can have broken the rule in it (queries/possible).
"""

import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct, field

from influx import flux
from influx.check import LATE, WRITTEN, Check, pattern, text
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
    """One exchange's pair, and its least and greatest value in a range and the time before it."""

    exchange: str
    pair: str
    lowest: float
    highest: float

    def bound(self, check: Check) -> float:
        """What a value must exceed, or be below, to break the rule, whatever its reference is."""
        factor, level = float(str(check.allows["factor"])), float(str(check.reads["level"]))
        if check.reads["reference"] == "level":
            return factor * level
        return factor * (self.lowest if check.reads["rises"] else self.highest)


class Tick(Struct, frozen=True):
    """A tick at which a series can have broken a rule."""

    exchange: str
    pair: str
    time: datetime = field(name="_time")


def judge_range(
    database: Database, check: Check, ticks: range, exchanges: Sequence[str] = (), *, writes: bool
) -> Iterator[list[Status]]:
    """The statuses of ticks (Unix seconds on the check's grid, an hour of them at most), newest tick first.

    `exchanges` names those to judge, all if none. With `writes` the statuses are written to _monitoring, marked late.
    """
    series = possible(database, check, ticks, exchanges)
    by_tick: dict[int, list[Tick]] = {}
    for tick in possible_ticks(database, check, ticks, series):
        by_tick.setdefault(int(tick.time.timestamp()), []).append(tick)
    for tick_s in sorted(by_tick, reverse=True):
        statuses = judge_tick(database, check, tick_s, by_tick[tick_s], writes=writes)
        if statuses:
            yield statuses


def possible(database: Database, check: Check, ticks: range, exchanges: Sequence[str] = ()) -> list[Series]:
    """The series that can have broken the rule at any of the ticks."""
    taken = [name for name in exchanges if re.match(str(check.reads["exchanges"]), name)]
    if not ticks or (exchanges and not taken):
        return []
    params = (
        check.reads
        | check.allows
        | {
            "field": check.source.field,
            "start": moment(ticks[0]) - check.reach,
            "stop": moment(ticks[-1]) + AFTER,
        }
    )
    if taken:
        params["exchanges"] = pattern(taken)
    return database.query(flux.source("queries/possible"), Series, {"params": params})


def possible_ticks(database: Database, check: Check, ticks: range, series: Sequence[Series]) -> list[Tick]:
    """The ticks at which one of the series can have broken the rule."""
    if not series:
        return []
    params = narrowed(check, series) | {
        "field": check.source.field,
        "start": moment(ticks[0]),
        "stop": moment(ticks[-1]) + AFTER,
        "bounds": [{"key": f"{one.exchange} {one.pair}", "value": one.bound(check)} for one in series],
        "unbound": sys.float_info.max if check.reads["rises"] else 0.0,
    }
    rows = database.query(flux.source("queries/possible_ticks"), Tick, {"params": params})
    return [row for row in rows if row.time.microsecond == 0 and int(row.time.timestamp()) in ticks]


def judge_tick(
    database: Database, check: Check, tick_s: int, series: Sequence[Series | Tick], *, writes: bool
) -> list[Status]:
    """The statuses of these series at one tick, marked late."""
    params = narrowed(check, series)
    purposes = [WRITTEN, LATE] if writes else []
    rows = database.query(text(params, *purposes), Status, {"params": params}, now=moment(tick_s + check.back_s))
    return [msgspec.structs.replace(row, late=True) for row in rows]


def narrowed(check: Check, series: Sequence[Series | Tick]) -> dict[str, flux.Value]:
    """The check's parameters for these series alone, as far as that saves anything."""
    params = check.params | {"exchanges": pattern(sorted({one.exchange for one in series}))}
    pairs = sorted({one.pair for one in series})
    if len(pairs) <= MOST_PAIRS:
        params["pairs"] = pattern(pairs)
    return params


def moment(time_s: int) -> datetime:
    """Unix seconds as a time."""
    return datetime.fromtimestamp(time_s, UTC)
