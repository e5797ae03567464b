"""`python -m influx rollup`: any range anew, but never a window that has lost raw points."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from influx import rollup
from influx.client import Database
from influx.jobs import DAY, HOUR
from influx.settings import Settings
from tests.influx.command import influx_command
from tests.influx.reference import Point, assert_equal, new_exchange, write
from tests.influx.tasks.test_rollup import TODAY, by_window, rows

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def windows_of(start: datetime, stop: datetime, bucket: str) -> tuple[datetime, datetime]:
    """The first window's start and the last one's end, of steps that leave nothing between them."""
    found = [step for step in rollup.steps(Settings(), start, stop, NOW) if step.bucket == bucket]
    for before, after in itertools.pairwise(found):
        assert after.stop - after.windows * after.every == before.stop
    return found[0].stop - found[0].windows * found[0].every, found[-1].stop


def test_every_window_that_overlaps_the_range_is_recomputed() -> None:
    start, stop = datetime(2026, 11, 20, 5, 59, tzinfo=UTC), datetime(2026, 11, 21, 7, 1, tzinfo=UTC)
    assert windows_of(start, stop, "hourly") == (start.replace(minute=0), stop.replace(hour=8, minute=0))
    assert windows_of(start, stop, "daily") == (start.replace(hour=0, minute=0), datetime(2026, 11, 22, tzinfo=UTC))


def test_a_window_that_still_runs_is_left_out() -> None:
    assert windows_of(NOW - DAY, NOW, "hourly")[1] == NOW.replace(minute=0)


def test_a_window_that_has_lost_raw_points_is_left_as_it_is() -> None:
    first, _ = windows_of(NOW - timedelta(days=30), NOW, "hourly")
    assert first == datetime(2026, 11, 17, 9, tzinfo=UTC)
    first, _ = windows_of(NOW - timedelta(days=30), NOW, "daily")
    assert first == datetime(2026, 11, 18, tzinfo=UTC)


def test_a_range_without_a_window_says_which_is_accepted() -> None:
    with pytest.raises(rollup.NoWindow, match="accepted: 2026-11-17T09:00:00"):
        rollup.steps(Settings(), NOW - timedelta(days=30), NOW - timedelta(days=20), NOW)


def test_the_command_writes_what_a_full_scan_gives(influxd: Settings, operator: Database) -> None:
    exchange = new_exchange()
    points = [Point(TODAY - timedelta(minutes=7 * at + 1), 1.0 + at % 5) for at in range(400)]
    write(operator, exchange, {"quote price": points})
    start = TODAY - timedelta(days=2)
    done = influx_command(influxd, "rollup", "--from", start.isoformat(), "--to", TODAY.isoformat())
    assert done.returncode == 0, done.stderr
    assert "recomputed 50 windows" in done.stdout
    for bucket, every in (("hourly", HOUR), ("daily", DAY)):
        found = rows(operator, bucket, exchange)
        windows = by_window([point for point in points if point.time >= start], every)
        assert set(found) == set(windows)
        for time, inside in windows.items():
            assert_equal(found[time], inside, "price", ["count", "mean", "stddev", "first", "last"])


def test_a_malformed_time_says_what_is_accepted(influxd: Settings) -> None:
    done = influx_command(influxd, "rollup", "--from", "yesterday")
    assert done.returncode == 2
    assert "yesterday is no time; accepted: 2026-11-24, 2026-11-24T08:00:00Z" in done.stderr
