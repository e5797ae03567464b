"""The board's own file, run at a chosen minute on the real database, against the same figures from the raw points."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from influx import flux, schema
from influx.client import Database
from influx.jobs import board
from influx.settings import Settings
from tests.influx.reference import Point, assert_equal, kept, new_exchange, series, statistics_of, write

MINUTE = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=2)
DAY = timedelta(hours=24)
ROW = """
from(bucket: "board")
    |> range(start: params.minute, stop: params.after)
    |> filter(fn: (r) => r.exchange == params.exchange)
    |> keep(columns: ["_field", "_value"])
"""


class Field(Struct, rename={"name": "_field", "value": "_value"}):
    name: str
    value: float


def run_board(database: Database, minute: datetime, late_s: int = 10) -> None:
    job = board(Settings())
    database.query_csv(flux.source(job.file), {"params": job.params}, now=minute + timedelta(seconds=late_s))


def board_row(database: Database, exchange: str, minute: datetime = MINUTE) -> dict[str, float]:
    params: flux.Options = {"exchange": exchange, "minute": minute, "after": minute + timedelta(seconds=1)}
    return {field.name: field.value for field in database.query(ROW, Field, {"params": params})}


def within(points: list[Point], start: datetime, stop: datetime) -> list[Point]:
    """The points in (start, stop]: the board's windows end at its minute and hold it."""
    return [point for point in kept(points) if start < point.time <= stop]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    price=series(MINUTE - DAY - timedelta(minutes=5), MINUTE + timedelta(minutes=2)),
    volume=series(MINUTE - DAY - timedelta(minutes=5), MINUTE + timedelta(minutes=2)),
    traded=series(MINUTE - timedelta(minutes=65), MINUTE + timedelta(minutes=2)),
)
def test_every_figure_is_that_of_a_full_scan(
    operator: Database, price: list[Point], volume: list[Point], traded: list[Point]
) -> None:
    exchange = new_exchange()
    columns = {"quote price": price, "quote volume": volume, "quote quote_volume": volume, "candle volume": traded}
    write(operator, exchange, columns)
    run_board(operator, MINUTE)
    row = board_row(operator, exchange)
    for metric, points in (("price", price), ("volume", volume)):
        assert_equal(row, within(points, MINUTE - DAY, MINUTE), metric, schema.STATISTICS)
        hour = within(points, MINUTE - timedelta(hours=1), MINUTE)
        assert row.get(f"{metric}_mean_1h") == about(statistics_of(hour).get("mean"))
        assert row.get(metric) == newest(within(points, MINUTE - timedelta(minutes=15), MINUTE))
    assert row.get("quote_volume") == row.get("volume")
    minutes = [point.value for point in kept(traded) if MINUTE - timedelta(hours=1) <= point.time < MINUTE]
    assert row.get("traded_1h") == about(math.fsum(minutes) if minutes else None)


def about(figure: float | None) -> object:
    """The figure to 1e-9 of itself, or none where there is none."""
    return None if figure is None else pytest.approx(figure, rel=1e-9, abs=0)


def newest(points: list[Point]) -> float | None:
    return points[-1].value if points else None


def test_the_row_has_no_other_fields_than_the_schema_names(operator: Database) -> None:
    exchange = new_exchange()
    points = [Point(MINUTE, 1.0), Point(MINUTE - timedelta(minutes=1), 2.0)]
    columns = ("quote price", "quote volume", "quote quote_volume", "candle volume")
    write(operator, exchange, dict.fromkeys(columns, points))
    heal(operator, exchange, points[:1])
    run_board(operator, MINUTE)
    assert sorted(board_row(operator, exchange)) == sorted(schema.BOARD_FIELDS)


def heal(operator: Database, exchange: str, points: list[Point]) -> None:
    """Marks these points as healed."""
    tags = f"base=btc,exchange={exchange},pair=btcusd,quote=usd"
    lines = [f"quote,{tags} healed=true {int(point.time.timestamp()) * 10**9}" for point in points]
    operator.write("quotes", "\n".join(lines).encode())


def test_healed_points_are_counted_beside_all_points(operator: Database) -> None:
    exchange = new_exchange()
    points = [Point(MINUTE - timedelta(minutes=minutes), 5.0) for minutes in range(10)]
    write(operator, exchange, {"quote price": points})
    heal(operator, exchange, points[2:5])
    run_board(operator, MINUTE)
    row = board_row(operator, exchange)
    assert (row["price_count"], row["healed_count"]) == (10.0, 3.0)


def test_one_point_has_no_standard_deviation(operator: Database) -> None:
    exchange = new_exchange()
    write(operator, exchange, {"quote price": [Point(MINUTE, 5.0)]})
    run_board(operator, MINUTE)
    row = board_row(operator, exchange)
    assert "price_stddev" not in row
    assert (row["price_count"], row["price_mean"], row["price_first"]) == (1.0, 5.0, 5.0)


def test_a_pair_that_stops_leaves_the_board_after_a_quarter_of_an_hour_and_comes_back(operator: Database) -> None:
    exchange = new_exchange()
    write(operator, exchange, {"quote price": [Point(MINUTE - timedelta(minutes=20), 5.0)]})
    for minutes_ago in (6, 5):
        run_board(operator, MINUTE - timedelta(minutes=minutes_ago))
    assert board_row(operator, exchange, MINUTE - timedelta(minutes=6))["price"] == 5.0
    assert "price" not in board_row(operator, exchange, MINUTE - timedelta(minutes=5))
    write(operator, exchange, {"quote price": [Point(MINUTE, 6.0)]})
    run_board(operator, MINUTE)
    assert board_row(operator, exchange)["price"] == 6.0


def test_a_run_that_comes_again_or_late_writes_the_same_row(operator: Database) -> None:
    exchange = new_exchange()
    write(operator, exchange, {"quote price": [Point(MINUTE - timedelta(minutes=at), float(at)) for at in range(5)]})
    run_board(operator, MINUTE)
    first = board_row(operator, exchange)
    run_board(operator, MINUTE, late_s=59)
    assert board_row(operator, exchange) == first
    assert first["price"] == 0.0


@given(st.integers(min_value=0, max_value=59))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_row_stands_at_the_minute_that_has_begun(operator: Database, late_s: int) -> None:
    exchange = new_exchange()
    write(operator, exchange, {"quote price": [Point(MINUTE, 7.0), Point(MINUTE + timedelta(seconds=1), 8.0)]})
    run_board(operator, MINUTE, late_s)
    assert board_row(operator, exchange)["price"] == 7.0
