"""Recomputes hourly and daily for any range, through the very file that the tasks run.

A window is only written again while all its raw points are kept: what is older stays as it is.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from influx import flux, schema
from influx.client import Database
from influx.jobs import DAY, HOUR, rollup_params
from influx.settings import Settings

EPOCH = datetime.fromtimestamp(0, UTC)
WINDOWS = {schema.HOURLY.name: (HOUR, 24), schema.DAILY.name: (DAY, 2)}  # length of a window, windows a step


class NoWindow(Exception):
    """The range holds no full window whose raw points are kept; the message says which does."""


class Step(Struct, frozen=True):
    """One run of rollup.flux: the `windows` windows of `bucket` that end at `stop`."""

    bucket: str
    every: timedelta
    stop: datetime
    windows: int


def steps(settings: Settings, start: datetime, stop: datetime, now: datetime) -> list[Step]:
    """The runs that recompute every full window which overlaps [start, stop), the oldest first."""
    kept_from = now - timedelta(seconds=settings.retention)
    found = []
    for bucket, (every, most) in WINDOWS.items():
        first = max(_floor(start, every), _ceiling(kept_from, every))
        end = min(_ceiling(stop, every), _floor(now, every))
        found += list(_cut(bucket, every, most, first, end))
    if not found:
        raise NoWindow(
            f"no full hour between {start.isoformat()} and {stop.isoformat()} whose raw points are kept; accepted: "
            f"{_ceiling(kept_from, HOUR).isoformat()} to {_floor(now, HOUR).isoformat()}"
        )
    return found


def _cut(bucket: str, every: timedelta, most: int, first: datetime, end: datetime) -> Iterator[Step]:
    while first < end:
        windows = min(most, (end - first) // every)
        yield Step(bucket, every, first + windows * every, windows)
        first += windows * every


def run(database: Database, step: Step) -> None:
    """Recomputes one step; the database reads, computes and writes."""
    params = rollup_params(step.bucket, step.every, step.windows)
    database.query_csv(flux.source("tasks/rollup"), {"params": params}, now=step.stop)


def _floor(time: datetime, every: timedelta) -> datetime:
    return time - (time - EPOCH) % every


def _ceiling(time: datetime, every: timedelta) -> datetime:
    return time + (EPOCH - time) % every
