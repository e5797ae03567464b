"""The tick: our own arithmetic in UTC, whatever the zone and however late we wake."""

import datetime
import os
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import schedule

from collector.tick import Ticks, tick_of, use_utc

HOUR_S = 3600


class Clock:
    """A clock that a test moves; `schedule` reads the same one as a naive local time."""

    def __init__(self, now_s: float) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        return self.now_s

    def as_module(self) -> SimpleNamespace:
        clock = self

        class Moved(datetime.datetime):
            @classmethod
            def now(cls, tz: datetime.tzinfo | None = None) -> "Moved":
                return cls.fromtimestamp(clock.now_s, tz)

        return SimpleNamespace(datetime=Moved, timedelta=datetime.timedelta, time=datetime.time)


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process in a zone with summer time."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("now_s", "interval_s", "tick"),
    [(120.0, 60, 120), (179.99, 60, 120), (179.99, 5, 175), (1_795_521_847.2, 60, 1_795_521_840)],
)
def test_a_tick_is_the_moment_cut_to_the_interval(now_s: float, interval_s: int, tick: int) -> None:
    assert tick_of(now_s, interval_s) == tick


@pytest.mark.usefixtures("berlin")
def test_no_tick_is_lost_over_the_autumn_time_change(monkeypatch: pytest.MonkeyPatch) -> None:
    change_s = datetime.datetime(2026, 10, 25, 1, tzinfo=datetime.UTC).timestamp()
    clock = Clock(change_s - HOUR_S + 0.5)
    monkeypatch.setattr(schedule, "datetime", clock.as_module())
    begun: list[int] = []
    use_utc()
    ticks = Ticks(60, lambda tick, missed: begun.append(tick), clock)
    while clock.now_s < change_s + 2 * HOUR_S:
        ticks.run_pending()
        clock.now_s += 0.5
    assert begun == list(range(int(change_s) - HOUR_S, int(change_s) + 2 * HOUR_S, 60))


@pytest.mark.usefixtures("berlin")
def test_the_process_runs_in_utc() -> None:
    use_utc()
    assert (os.environ["TZ"], time.timezone, time.daylight) == ("UTC", 0, 0)


def test_the_present_tick_begins_at_once() -> None:
    begun: list[int] = []
    stop = threading.Event()
    stop.set()
    Ticks(60, lambda tick, missed: begun.append(tick), Clock(150)).run(stop)
    assert begun == [120]


def test_ticks_that_nobody_was_awake_for_are_counted() -> None:
    clock = Clock(150)
    begun: list[tuple[int, int]] = []
    ticks = Ticks(60, lambda tick, missed: begun.append((tick, missed)), clock)
    for now_s in (150, 185, 179, 190, 430):
        clock.now_s = now_s
        ticks.look()
    assert begun == [(120, 0), (180, 0), (420, 3)]


def test_a_clock_that_is_set_back_begins_no_tick_twice() -> None:
    clock = Clock(305)
    begun: list[int] = []
    ticks = Ticks(60, lambda tick, missed: begun.append(tick), clock)
    for now_s in (305, 200, 299, 360):
        clock.now_s = now_s
        ticks.look()
    assert begun == [300, 360]
