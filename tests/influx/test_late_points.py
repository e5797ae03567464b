"""A database that was down over the hour's and the day's boundary: the real tasks put it right by themselves."""

from datetime import timedelta

from influx import server, server_process, tokens
from influx.client import Database
from influx.settings import Settings
from influx.stack import Setup
from tests.influx.reference import Point, assert_equal, statistics_of, write
from tests.influx.task_runs import run_task
from tests.influx.tasks.test_board import board_row, within
from tests.influx.tasks.test_rollup import TODAY, rows

MIDNIGHT = TODAY - timedelta(days=1)  # a run can't be asked for a time to come, and two hours of it are needed


def connected(settings: Settings) -> Database:
    return Database(settings.url, settings.influx_org, tokens.read(settings, tokens.OPERATOR) or "", "operator")


def test_after_an_outage_over_midnight_the_next_runs_make_every_figure_right(empty_home: Settings) -> None:
    binary = server.find()
    assert binary is not None
    minutes = [MIDNIGHT + timedelta(minutes=at) for at in range(-120, 121)]
    points = [Point(time, 100.0 + number * number % 17) for number, time in enumerate(minutes)]
    before, during, after = points[:90], points[90:200], points[200:]
    with server_process.running(binary, empty_home):
        Setup(empty_home).run()
        database = connected(empty_home)
        write(database, "kraken", {"quote price": before})
        run_task(database, "hourly", MIDNIGHT - timedelta(hours=1))
        database.close()
    # The database is down from 22:30 until 03:20, as far as the tasks can tell; then the spool brings the rest.
    with server_process.running(binary, empty_home):
        assert Setup(empty_home).run() == []
        database = connected(empty_home)
        write(database, "kraken", {"quote price": after})
        write(database, "kraken", {"quote price": during})
        run_task(database, "hourly", MIDNIGHT + timedelta(hours=1))
        run_task(database, "hourly", MIDNIGHT + timedelta(hours=2))
        run_task(database, "daily", MIDNIGHT + timedelta(hours=2))
        run_task(database, "board", MIDNIGHT + timedelta(hours=2))
        hourly, daily = rows(database, "hourly", "kraken"), rows(database, "daily", "kraken")
        board = board_row(database, "kraken", MIDNIGHT + timedelta(hours=2))
        database.close()
    for hour in range(-2, 2):
        start = MIDNIGHT + timedelta(hours=hour)
        inside = [point for point in points if start <= point.time < start + timedelta(hours=1)]
        assert len(inside) == 60
        assert_equal(hourly[start], inside, "price", ["count", "mean", "stddev", "min", "max", "first", "last"])
    yesterday = [point for point in points if point.time < MIDNIGHT]
    assert_equal(daily[MIDNIGHT - timedelta(days=1)], yesterday, "price", ["count", "mean", "stddev", "first", "last"])
    assert_equal(
        board, within(points, MIDNIGHT - timedelta(hours=22), MIDNIGHT + timedelta(hours=2)), "price", ["mean"]
    )
    assert board["price_count"] == statistics_of(points)["count"]
