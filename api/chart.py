"""A series over time: each part of the stretch from the cheapest bucket that has its windows.

Days from daily, hours from hourly, all else and what is newer than the rollups' own corrections from the raw points.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, cast

import msgspec
from msgspec import Meta, Struct
from starlette.concurrency import run_in_threadpool

from api.asking import Asking
from api.board import Series
from api.link import Link
from api.span import DAY_S, HOUR_S, WEEK_S, Span, floor, rfc3339
from influx import flux, schema

Metric = Literal["price", "volume", "traded"]

HOURLY_AFTER_S = 26 * HOUR_S
"""Hours that end before then are in hourly with all that came late (influx/jobs.py: hourly_late)."""
DAILY_AFTER_S = DAY_S
"""Likewise for days."""


class Part(Struct, frozen=True):
    """A piece of a stretch and the bucket that it is read from."""

    bucket: str
    start_s: int
    stop_s: int


class Source(Struct, frozen=True):
    """Where a metric stands: the query that gathers it, its measurement, its field in quotes and in the rollups."""

    query: str
    measurement: str
    raw: str
    rolled_up: str


SOURCES: dict[Metric, Source] = {
    "price": Source("chart", schema.QUOTE, "price", "price_last"),
    "volume": Source("chart", schema.QUOTE, "volume", "volume_last"),
    "traded": Source("chart_sums", schema.CANDLE, "volume", "volume"),
}


class ChartPoint(Struct, frozen=True, gc=False):
    """A window of a chart."""

    time: Annotated[
        str,
        Meta(
            description="the window's start",
            extra_json_schema={"format": "date-time"},
            examples=["2026-11-24T12:00:00Z"],
        ),
    ]
    value: Annotated[float, Meta(description="newest value in it, the sum of it for traded", examples=[87012.5])]


def parts(span: Span, minute_s: int, step_s: int) -> Iterator[Part]:
    """The pieces of a stretch, the oldest first, for windows that are put together from steps of `step_s`."""
    start_s = span.start_s
    for bucket, unit_s, after_s in ((schema.DAILY, DAY_S, DAILY_AFTER_S), (schema.HOURLY, HOUR_S, HOURLY_AFTER_S)):
        stop_s = min(floor(floor(minute_s, unit_s) - after_s, step_s), floor(span.stop_s, step_s))
        if step_s % unit_s == 0 and start_s < stop_s:
            yield Part(bucket.name, start_s, stop_s)
            start_s = stop_s
    if start_s < span.stop_s:
        yield Part(schema.QUOTES.name, start_s, span.stop_s)


def read(link: Link, series: Series, metric: Metric, span: Span, minute_s: int) -> list[ChartPoint]:
    """A series' windows in order: the newest value in each, or the sum of what was traded."""
    step_s = DAY_S if span.every_s == WEEK_S else span.every_s
    pieces = (
        msgspec.json.decode(link.query_json(*question), type=list[ChartPoint])
        for question in _questions(series, metric, span, minute_s)
    )
    found = list(itertools.chain.from_iterable(pieces))
    return found if step_s == span.every_s else list(_weeks(found, sum if metric == "traded" else _last))


async def read_encoded(asking: Asking, series: Series, metric: Metric, span: Span, minute_s: int) -> list[ChartPoint]:
    """The same for an answer that does not look into it: what is in one bucket stays the JSON that it was made.

    msgspec puts a Raw into an answer as it is, so it may stand for the list.
    """
    questions = list(_questions(series, metric, span, minute_s))
    if span.every_s == WEEK_S or len(questions) > 1:
        return await run_in_threadpool(read, asking.link, series, metric, span, minute_s)
    piece = await asking.query_json(*questions[0]) if questions else b"[]"
    return cast(list[ChartPoint], msgspec.Raw(piece))


def _questions(series: Series, metric: Metric, span: Span, minute_s: int) -> Iterator[tuple[str, flux.Options]]:
    """The queries of a stretch, each with its params, the oldest first."""
    source = SOURCES[metric]
    step_s = DAY_S if span.every_s == WEEK_S else span.every_s
    now = moment(minute_s) + timedelta(microseconds=1)
    for part in parts(span, minute_s, step_s):
        if moment(part.start_s) >= now:
            continue
        params: flux.Options = {
            "bucket": part.bucket,
            "measurement": source.measurement,
            "field": source.raw if part.bucket == schema.QUOTES.name else source.rolled_up,
            "exchange": series.exchange,
            "pair": series.pair,
            "from": moment(part.start_s),
            "to": min(moment(part.stop_s), now),
            "every": timedelta(seconds=step_s),
        }
        yield source.query, params


def _weeks(days: Iterable[ChartPoint], together: Callable[[list[float]], float]) -> Iterator[ChartPoint]:
    gathered: defaultdict[int, list[float]] = defaultdict(list)
    for day in days:
        gathered[floor(unix_s(day.time), WEEK_S)].append(day.value)
    return (ChartPoint(rfc3339(start_s), together(values)) for start_s, values in gathered.items())


def _last(values: list[float]) -> float:
    return values[-1]


def moment(time_s: int) -> datetime:
    """Unix seconds as a time."""
    return datetime.fromtimestamp(time_s, UTC)


def unix_s(time: str) -> int:
    """A time of RFC 3339 in Unix seconds."""
    return int(datetime.fromisoformat(time).timestamp())
