"""Charts: each part of a stretch from the cheapest bucket that has its windows."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from api import chart
from api.chart import ChartPoint, Metric, Part, parts
from api.link import Link
from api.span import DAY_S, HOUR_S, MINUTE_S, WEEK_S, Span, floor
from influx import tokens
from influx.client import Database
from tests.api.conftest import MadeMarket
from tests.api.made_board import series

NOON = int(datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp())
HOURS_UNTIL = NOON - 26 * HOUR_S
DAYS_UNTIL = floor(NOON, DAY_S) - DAY_S


@pytest.mark.parametrize(
    ("days", "step_s", "buckets"),
    [
        (1, MINUTE_S, [("quotes", NOON)]),
        (5, 600, [("quotes", NOON)]),
        (1, HOUR_S, [("quotes", NOON)]),
        (5, HOUR_S, [("hourly", HOURS_UNTIL), ("quotes", NOON)]),
        (5, 4 * HOUR_S, [("hourly", floor(HOURS_UNTIL, 4 * HOUR_S)), ("quotes", NOON)]),
        (300, DAY_S, [("daily", DAYS_UNTIL), ("quotes", NOON)]),
    ],
)
def test_hours_and_days_that_are_complete_come_from_their_buckets(
    days: int, step_s: int, buckets: list[tuple[str, int]]
) -> None:
    start_s = floor(NOON - days * DAY_S, step_s)
    found = list(parts(Span(start_s, NOON, step_s), NOON, step_s))
    assert [(part.bucket, part.stop_s) for part in found] == buckets
    assert [part.start_s for part in found] == [start_s, *(part.stop_s for part in found[:-1])]


def test_a_stretch_of_long_ago_is_in_one_bucket() -> None:
    start_s = floor(NOON - 30 * DAY_S, HOUR_S)
    stop_s = start_s + DAY_S
    assert list(parts(Span(start_s, stop_s, HOUR_S), NOON, HOUR_S)) == [Part("hourly", start_s, stop_s)]


@pytest.fixture(scope="module")
def old_minute(market: MadeMarket) -> Iterator[int]:
    """A pair, olddusd, with a value an hour in hourly and a day in daily, and the market's minute."""
    token = tokens.read(market.settings, tokens.OPERATOR) or ""
    database = Database(market.settings.url, market.settings.influx_org, token)
    minute_s = int(market.minute.timestamp())
    tags = "base=oldd,exchange=kraken,pair=olddusd,quote=usd"
    for bucket, step_s in (("hourly", HOUR_S), ("daily", DAY_S)):
        last = floor(minute_s, step_s)
        lines = [
            f"quote,{tags} price_last={back}.0,volume_last={10 * back}.0 {last - back * step_s}000000000\n"
            f"candle,{tags} volume={back}.5 {last - back * step_s}000000000"
            for back in range(1, 1000)
            if bucket == "daily" or back < 400 * 24
        ]
        database.write(bucket, "\n".join(lines).encode())
    raw = "\n".join(
        f"quote,{tags} price=0.{back:02d},volume={back}.0 {minute_s - back * 1800}000000000" for back in range(1, 90)
    )
    database.write("quotes", raw.encode())
    yield minute_s
    database.close()


def read(market: MadeMarket, metric: Metric, start_s: int, stop_s: int, every_s: int) -> list[ChartPoint]:
    """olddusd's chart."""
    minute_s = int(market.minute.timestamp())
    return chart.read(Link(market.settings), series("olddusd"), metric, Span(start_s, stop_s, every_s), minute_s)


def at(point: ChartPoint) -> int:
    """A point's time in Unix seconds."""
    return int(datetime.fromisoformat(point.time).timestamp())


def test_hours_are_followed_by_what_the_raw_points_say(market: MadeMarket, old_minute: int) -> None:
    last = floor(old_minute, HOUR_S)
    found = read(market, "price", last - 30 * HOUR_S, old_minute, HOUR_S)
    of_hours = {at(point): point.value for point in found if point.value >= 1}
    assert of_hours == {last - back * HOUR_S: float(back) for back in range(27, 31)}
    raw = [point for point in found if point.value < 1]
    assert at(raw[0]) == last - 26 * HOUR_S
    assert [at(point) for point in found] == sorted(at(point) for point in found)
    assert raw[-1].value == 0.01


def test_weeks_are_put_together_of_days_from_monday_to_sunday(market: MadeMarket, old_minute: int) -> None:
    start_s = floor(old_minute - 10 * WEEK_S, WEEK_S)
    stop_s = start_s + 3 * WEEK_S
    today = floor(old_minute, DAY_S)
    sundays = [start_s + week * WEEK_S + 6 * DAY_S for week in range(3)]
    prices = read(market, "price", start_s, stop_s, WEEK_S)
    assert [(at(point), point.value) for point in prices] == [
        (sunday - 6 * DAY_S, float((today - sunday) // DAY_S)) for sunday in sundays
    ]
    traded = read(market, "traded", start_s, stop_s, WEEK_S)
    assert [point.value for point in traded] == [
        sum((today - sunday) // DAY_S + ago + 0.5 for ago in range(7)) for sunday in sundays
    ]


def test_hours_are_put_together_to_longer_windows(market: MadeMarket, old_minute: int) -> None:
    start_s = floor(old_minute - 5 * DAY_S, 4 * HOUR_S)
    last = floor(old_minute, HOUR_S)
    (volume,) = read(market, "volume", start_s, start_s + 4 * HOUR_S, 4 * HOUR_S)
    (traded,) = read(market, "traded", start_s, start_s + 4 * HOUR_S, 4 * HOUR_S)
    back = [(last - start_s) // HOUR_S - hours for hours in range(4)]
    assert (volume.value, traded.value) == (10.0 * back[-1], sum(back) + 2.0)


def test_nothing_is_read_of_the_time_to_come(market: MadeMarket, old_minute: int) -> None:
    assert read(market, "price", old_minute + HOUR_S, old_minute + 2 * HOUR_S, MINUTE_S) == []
    assert timedelta(
        seconds=old_minute - at(read(market, "price", old_minute - DAY_S, old_minute + DAY_S, 60)[-1])
    ) < timedelta(hours=1)
