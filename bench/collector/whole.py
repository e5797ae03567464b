"""A whole collecting process on a grid of polls: what it costs between two moments at which it rests."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import Struct

from bench.place import Place, here
from bench.usage import cpu_s, peak_mb
from tests.eventually import eventually

WARM_POLLS = 3
POLLS = 10


class Count(Struct):
    points: int


def measure(pid: int, size: int, interval_s: int, field: str, measurement: str) -> dict[str, float]:
    """CPU a quote over POLLS polls behind the first ones. AssertionError: not all their quotes are stored."""
    stored = counter(here(), field, measurement)
    eventually(lambda: stored(0) >= size * WARM_POLLS, "the first polls are stored", within_s=300, every_s=0.5)
    began_tick = rest(interval_s)
    began_cpu_s = cpu_s(pid)
    while rest(interval_s) < began_tick + POLLS * interval_s:
        time.sleep(0.5)
    used_s = cpu_s(pid) - began_cpu_s
    quotes = POLLS * size
    eventually(lambda: stored(began_tick + interval_s) >= quotes, f"{quotes} quotes are stored", within_s=30)
    return {"cpu_us": used_s / quotes * 1e6, "memory_mb": peak_mb(pid), "quotes": quotes}


def rest(interval_s: int) -> int:
    """Waits for the end of an interval, when its poll is long over; answers its tick."""
    while time.time() % interval_s < interval_s * 0.9:
        time.sleep(0.01)
    return int(time.time()) // interval_s * interval_s


def counter(place: Place, field: str, measurement: str) -> Callable[[int], int]:
    """A function that counts the points of a field since a time."""
    text = """
from(bucket: "quotes") |> range(start: params.since) |> filter(
    fn: (r) => r._measurement == params.measurement and r._field == params.field)
    |> count() |> group() |> sum() |> rename(columns: {_value: "points"})
"""
    database = place.database()

    def count(since_s: int) -> int:
        since = datetime.fromtimestamp(since_s, UTC)
        rows = database.query(text, Count, {"params": {"since": since, "measurement": measurement, "field": field}})
        return rows[0].points if rows else 0

    return count
