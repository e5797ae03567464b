"""A metric's statistics over the last 24 h: from the board, from candles for what was traded, over all exchanges."""

import statistics
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from api.board import DAY_S, Board, Series
from api.chart import Metric, Value
from api.link import Link
from influx import flux

MINUTES = 1440


class Statistics(Struct, frozen=True):
    """Of the metric over the 24 h up to the board's minute. The standard deviation is the sample's (n-1)."""

    count: Annotated[int, Meta(description="how many points there are", examples=[1440])]
    coverage: Annotated[float, Meta(description="part of the points that a whole day has", ge=0, le=1, examples=[1.0])]
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
    return Statistics(
        count=count,
        coverage=min(1.0, count * board.interval_s / DAY_S),
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
    return Statistics(count, min(1.0, count / MINUTES), *(found.get(name) for name in names))


def of_values(values: Sequence[Value]) -> Statistics:
    """Of values at one a minute that were put together here."""
    numbers = [value for _, value in values]
    if not numbers:
        return Statistics(0, 0.0, None, None, None, None, None)
    return Statistics(
        count=len(numbers),
        coverage=min(1.0, len(numbers) / MINUTES),
        mean=statistics.fmean(numbers),
        stddev=statistics.stdev(numbers) if len(numbers) > 1 else None,
        min=min(numbers),
        max=max(numbers),
        first=numbers[0],
    )
