"""A metric's statistics over the last 24 h: from the board, from candles for what was traded, over all exchanges."""

import statistics
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from api.board import DAY_S, Board, Series
from api.chart import ChartPoint, Metric
from api.link import Link
from api.span import MINUTE_S
from influx import flux

MINUTES = 1440


class Points(Struct, frozen=True):
    """How many points of the 24 h there are; a minute that was filled in from a candle stands for all its ticks."""

    expected: Annotated[int, Meta(description="ticks of the 24 h, minutes for traded", examples=[1440])]
    polled: Annotated[int, Meta(description="of them polled, or given as a candle for traded", examples=[1380])]
    healed: Annotated[int, Meta(description="of them filled in from the exchange's candles", examples=[58])]
    missing: Annotated[int, Meta(description="of them not collected", examples=[2])]
    quiet: Annotated[
        int | None, Meta(description="for traded: minutes that were collected and had no trade", examples=[None])
    ] = None

    @property
    def coverage(self) -> float:
        """The part that there is."""
        return 1 - self.missing / self.expected


def points(expected: int, polled: int, healed: int = 0, quiet: int | None = None) -> Points:
    """The points of a day; a board that is a tick ahead has one more than expected."""
    return Points(expected, polled, healed, max(0, expected - polled - healed), quiet)


class Statistics(Struct, frozen=True):
    """Of the metric over the 24 h up to the board's minute. The standard deviation is the sample's (n-1)."""

    count: Annotated[int, Meta(description="how many points there are", examples=[1440])]
    coverage: Annotated[float, Meta(description="part of the points that a whole day has", ge=0, le=1, examples=[1.0])]
    points: Points
    mean: Annotated[float | None, Meta(examples=[87010.2])]
    stddev: Annotated[float | None, Meta(description="null under two points", examples=[812.4])]
    min: Annotated[float | None, Meta(examples=[85500.0])]
    max: Annotated[float | None, Meta(examples=[88120.5])]
    first: Annotated[float | None, Meta(description="the oldest point's value", examples=[85957.1])]


class Figure(Struct):
    """A row of queries/traded_statistics."""

    name: str = msgspec.field(name="_field")
    value: float = msgspec.field(name="_value")


def of_series(board: Board, series: Series, metric: Metric) -> Statistics:
    """What the board says of a series' price or volume."""
    count = int(series.statistic(metric, "count") or 0)
    healed = int(series.healed_count or 0) if metric == "price" else 0
    known = points(DAY_S // board.interval_s, count - healed, healed * MINUTE_S // board.interval_s)
    return Statistics(
        count=count,
        coverage=known.coverage,
        points=known,
        mean=series.statistic(metric, "mean"),
        stddev=series.statistic(metric, "stddev"),
        min=series.statistic(metric, "min"),
        max=series.statistic(metric, "max"),
        first=series.statistic(metric, "first"),
    )


def of_traded(link: Link, board: Board, series: Series) -> Statistics:
    """What the database says of a series' minute volumes."""
    params: flux.Options = {
        "exchange": series.exchange,
        "pair": series.pair,
        "from": board.time - timedelta(days=1),
        "to": board.time,
    }
    found = {row.name: row.value for row in link.query("traded_statistics", Figure, params)}
    count = int(found.pop("count", 0))
    names = ("mean", "stddev", "min", "max", "first")
    known = points(MINUTES, count, quiet=int(found.pop("quiet", 0)))
    return Statistics(count, known.coverage, known, *(found.get(name) for name in names))


def of_values(values: Sequence[ChartPoint]) -> Statistics:
    """Of values at one a minute that were put together here."""
    numbers = [point.value for point in values]
    known = points(MINUTES, len(numbers))
    if not numbers:
        return Statistics(0, 0.0, known, None, None, None, None, None)
    return Statistics(
        count=len(numbers),
        coverage=known.coverage,
        points=known,
        mean=statistics.fmean(numbers),
        stddev=statistics.stdev(numbers) if len(numbers) > 1 else None,
        min=min(numbers),
        max=max(numbers),
        first=numbers[0],
    )
