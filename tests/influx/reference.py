"""What the database's statistics must be, computed in Python from the raw points; and points to compute them from.

Standard deviation is the sample's (n - 1): two points at least, one point has none, no points have no row at all.

Bounds. Every figure is to agree to 1e-9 relative. For stddev that is more than doubles allow when a series' spread is
small against its size: Flux updates mean and sum of squares point by point (Welford), whose relative error is at most
about n * u * kappa, u = 2**-53, kappa = sqrt(1 + (mean / stddev)**2) (Chan, Golub, LeVeque, "Algorithms for Computing
the Sample Variance", The American Statistician 37(3), 1983, table 1). The bound is the larger of the two.
"""

import itertools
import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from hypothesis import strategies as st
from msgspec import Struct

from influx.client import Database

UNIT_ROUNDOFF = 2.0**-53

numbers = itertools.count()


class Point(Struct, frozen=True):
    time: datetime
    value: float


def values() -> st.SearchStrategy[list[float]]:
    """Anything from 1e-12 to 1e12, a constant, or a spread of 1e-9 of the size."""
    size = st.floats(min_value=1e-12, max_value=1e12)
    narrow = st.tuples(size, st.lists(st.floats(min_value=-1e-9, max_value=1e-9), min_size=1, max_size=40))
    return st.one_of(
        st.lists(size, min_size=1, max_size=40),
        st.tuples(size, st.integers(min_value=1, max_value=40)).map(lambda pair: [pair[0]] * pair[1]),
        narrow.map(lambda pair: [pair[0] * (1 + part) for part in pair[1]]),
    )


@st.composite
def series(draw: st.DrawFn, start: datetime, stop: datetime) -> list[Point]:
    """Points at whole seconds in [start, stop], with holes, in any order, some written twice with another value."""
    inside = int((stop - start).total_seconds())
    edges = st.sampled_from([0, 1, inside - 1, inside])
    seconds = st.one_of(st.integers(min_value=0, max_value=inside), edges)
    return [Point(start + timedelta(seconds=draw(seconds)), value) for value in draw(values())]


def kept(points: Sequence[Point]) -> list[Point]:
    """The points as the database keeps them: of two at one time the one written last; by time."""
    return [Point(time, value) for time, value in sorted({point.time: point.value for point in points}.items())]


def statistics_of(points: Sequence[Point]) -> dict[str, float]:
    """Every statistic of points that are sorted by time; no stddev of a single one, nothing of none."""
    if not points:
        return {}
    found = [point.value for point in points]
    figures = {
        "count": float(len(found)),
        "mean": math.fsum(found) / len(found),
        "min": min(found),
        "max": max(found),
        "first": found[0],
        "last": found[-1],
    }
    if len(found) > 1:
        figures["stddev"] = statistics.stdev(found)
    return figures


def bound(statistic: str, figures: Mapping[str, float]) -> float:
    """The relative error that a statistic may have; see the module's text."""
    if statistic != "stddev" or figures["stddev"] == 0:
        return 1e-9
    kappa = math.hypot(1, figures["mean"] / figures["stddev"])
    return max(1e-9, figures["count"] * UNIT_ROUNDOFF * kappa)


def assert_equal(got: Mapping[str, float], points: Sequence[Point], prefix: str, wanted: Sequence[str]) -> None:
    """The figures `prefix`_STATISTIC in `got` are those of the points, and none is there that should not be."""
    figures = statistics_of(points)
    for statistic in wanted:
        name = f"{prefix}_{statistic}"
        if statistic not in figures:
            assert name not in got, f"{name} of {len(points)} points"
            continue
        assert name in got, f"{name} is missing; there are {sorted(got)}"
        # A spread that doubles can't tell from none: absolute, by the size of what was added up.
        least = figures["count"] * UNIT_ROUNDOFF * abs(figures["mean"]) if statistic == "stddev" else 0.0
        assert math.isclose(got[name], figures[statistic], rel_tol=bound(statistic, figures), abs_tol=least), (
            f"{name}: {got[name]!r}, by Python {figures[statistic]!r}"
        )


def write(database: Database, exchange: str, columns: Mapping[str, Sequence[Point]]) -> None:
    """Writes btcusd's points on an exchange that only this test has; a column is `quote price`, `candle volume`, ….

    A time's second value goes in a second request: within one the order is not promised.
    """
    rounds: dict[int, list[str]] = defaultdict(list)
    for column, points in columns.items():
        measurement, field = column.split()
        written = Counter[datetime]()
        for point in points:
            tags = f"{measurement},base=btc,exchange={exchange},pair=btcusd,quote=usd"
            rounds[written[point.time]].append(f"{tags} {field}={point.value!r} {nanoseconds(point.time)}")
            written[point.time] += 1
    for _, lines in sorted(rounds.items()):
        database.write("quotes", "\n".join(lines).encode())


def nanoseconds(time: datetime) -> int:
    return int(time.timestamp()) * 1_000_000_000


def new_exchange() -> str:
    """A name that no other test uses."""
    return f"x{next(numbers)}"
