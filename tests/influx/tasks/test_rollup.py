"""hourly and daily: their own file, run at a chosen time on the real database, against the same figures in Python."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from influx import flux, schema
from influx.client import Database
from influx.jobs import DAY, HOUR, rollup_params, rollups
from influx.settings import Settings
from tests.influx.reference import Point, assert_equal, kept, new_exchange, series, statistics_of, write

TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
THREE = TODAY - timedelta(hours=21)  # three o'clock yesterday
ROWS = """
from(bucket: params.bucket)
    |> range(start: params.start, stop: params.stop)
    |> filter(fn: (r) => r._measurement == params.measurement and r.exchange == params.exchange)
    |> keep(columns: ["_time", "_field", "_value"])
"""


class Field(Struct, rename={"time": "_time", "name": "_field", "value": "_value"}):
    time: datetime
    name: str
    value: float


def run_rollup(database: Database, bucket: str, every: timedelta, windows: int, now: datetime) -> None:
    params = rollup_params(bucket, every, windows)
    database.query_csv(flux.source("tasks/rollup"), {"params": params}, now=now)


def rows(
    database: Database, bucket: str, exchange: str, measurement: str = "quote"
) -> dict[datetime, dict[str, float]]:
    """The bucket's rows of that exchange: time to field to value."""
    params: flux.Options = {
        "bucket": bucket,
        "exchange": exchange,
        "measurement": measurement,
        "start": TODAY - timedelta(days=8),
        "stop": TODAY + DAY,
    }
    found: dict[datetime, dict[str, float]] = {}
    for field in database.query(ROWS, Field, {"params": params}):
        found.setdefault(field.time, {})[field.name] = field.value
    return found


def by_window(points: list[Point], every: timedelta) -> dict[datetime, list[Point]]:
    """The points of each window [start, start + every), UTC."""
    found: dict[datetime, list[Point]] = {}
    for point in kept(points):
        start = point.time - (point.time - TODAY) % every
        found.setdefault(start, []).append(point)
    return found


@pytest.mark.parametrize(("bucket", "every"), [("hourly", HOUR), ("daily", DAY)])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_figure_is_that_of_a_full_scan(
    operator: Database, bucket: str, every: timedelta, data: st.DataObject
) -> None:
    exchange = new_exchange()
    start, stop = (THREE - 3 * HOUR, THREE) if every == HOUR else (TODAY - 3 * DAY, TODAY)
    price, volume = data.draw(series(start, stop)), data.draw(series(start, stop))
    write(operator, exchange, {"quote price": price, "quote volume": volume})
    run_rollup(operator, bucket, every, 3, stop + timedelta(minutes=1))
    found = rows(operator, bucket, exchange)
    for metric, points in (("price", price), ("volume", volume)):
        windows = by_window([point for point in points if point.time < stop], every)
        for time in {*windows, *found}:
            assert_equal(found.get(time, {}), windows.get(time, []), metric, schema.ROLLUP_STATISTICS)


def test_candles_become_the_candle_of_their_hour(operator: Database) -> None:
    exchange = new_exchange()
    minutes = [THREE - HOUR + timedelta(minutes=at) for at in (0, 1, 30, 59)]
    figures = {
        "open": [5.0, 6.0, 7.0, 8.0],
        "high": [6.0, 9.5, 8.0, 8.5],
        "low": [4.0, 5.5, 1.25, 7.0],
        "close": [6.0, 7.0, 8.0, 7.5],
        "volume": [0.1, 0.2, 0.3, 1e-9],
    }
    columns = {
        f"candle {field}": [Point(time, value) for time, value in zip(minutes, values, strict=True)]
        for field, values in figures.items()
    }
    write(operator, exchange, columns)
    run_rollup(operator, "hourly", HOUR, 2, THREE + timedelta(minutes=1))
    row = rows(operator, "hourly", exchange, "candle")[THREE - HOUR]
    assert {field: row[field] for field in ("open", "high", "low", "close")} == {
        "open": 5.0,
        "high": 9.5,
        "low": 1.25,
        "close": 7.5,
    }
    assert math.isclose(row["volume"], math.fsum(figures["volume"]), rel_tol=1e-9)


def test_the_hour_that_still_runs_is_left_alone(operator: Database) -> None:
    exchange = new_exchange()
    write(operator, exchange, {"quote price": [Point(THREE, 1.0)]})
    run_rollup(operator, "hourly", HOUR, 3, THREE + timedelta(minutes=59))
    assert rows(operator, "hourly", exchange) == {}


def test_runs_that_are_all_caught_up_at_once_are_right_too(operator: Database) -> None:
    exchange = new_exchange()
    points = [Point(THREE - timedelta(minutes=at), float(at)) for at in range(1, 181)]
    write(operator, exchange, {"quote price": points})
    for minutes in (10, 0, 5, 5):  # in any order, twice
        run_rollup(operator, "hourly", HOUR, 3, THREE + timedelta(minutes=minutes))
    windows = by_window(points, HOUR)
    found = rows(operator, "hourly", exchange)
    assert {time: row["price_stddev"] for time, row in found.items()} == {
        time: pytest.approx(statistics_of(inside)["stddev"], rel=1e-9) for time, inside in windows.items()
    }


def test_a_late_point_mends_its_hour(operator: Database) -> None:
    exchange = new_exchange()
    write(operator, exchange, {"quote price": [Point(THREE - timedelta(minutes=10), 1.0)]})
    run_rollup(operator, "hourly", HOUR, 3, THREE)
    write(operator, exchange, {"quote price": [Point(THREE - timedelta(minutes=9), 3.0)]})
    run_rollup(operator, "hourly", HOUR, 3, THREE + timedelta(minutes=5))
    row = rows(operator, "hourly", exchange)[THREE - HOUR]
    assert (row["price_count"], row["price_mean"], row["price_max"]) == (2.0, 2.0, 3.0)


def test_no_run_reads_back_to_where_raw_points_are_being_deleted() -> None:
    for kept_s in (3 * 86_400, 7 * 86_400):
        for job in rollups(Settings(retention=kept_s)):
            every, windows = job.params["every"], job.params["windows"]
            assert isinstance(every, timedelta)
            assert isinstance(windows, list)
            # The run may begin when almost a whole window has passed since the last full one.
            assert (len(windows) + 1) * every <= timedelta(seconds=kept_s), job.name


def test_the_deepest_run_of_each_bucket_reaches_as_far_as_raw_points_are_kept() -> None:
    deepest = {"hourly": timedelta(0), "daily": timedelta(0)}
    for job in rollups(Settings()):
        every, windows, bucket = job.params["every"], job.params["windows"], job.params["bucket"]
        assert isinstance(every, timedelta)
        assert isinstance(windows, list)
        deepest[str(bucket)] = max(deepest[str(bucket)], len(windows) * every)
    assert deepest == {"hourly": timedelta(days=7) - HOUR, "daily": timedelta(days=6)}
