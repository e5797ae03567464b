"""The tick: the instant that every quote of a poll carries, on the interval's grid in UTC.

It is our own arithmetic. `schedule` only wakes us: it counts from the end of a job and in naive local time, so it
would drift and, in a zone with summer time, stop for an hour in autumn. Hence it wakes us every second, we look
whether a new tick has begun, and the process's zone is UTC.
"""

import os
import threading
import time
from collections.abc import Callable

import schedule

WAKE_S = 1


def use_utc() -> None:
    """Sets the process's zone to UTC, for the naive local times of `schedule`."""
    os.environ["TZ"] = "UTC"
    time.tzset()


def tick_of(now_s: float, interval_s: int) -> int:
    """The tick at a moment: Unix seconds, cut to the interval's grid."""
    return int(now_s) - int(now_s) % interval_s


class Ticks:
    """Calls `begin(tick, missed)` once for every tick; `missed` is how many before it nobody was awake for."""

    def __init__(
        self, interval_s: int, begin: Callable[[int, int], None], clock: Callable[[], float] = time.time
    ) -> None:
        self._interval_s, self._begin, self._clock = interval_s, begin, clock
        self._last: int | None = None
        self._scheduler = schedule.Scheduler()
        self._scheduler.every(WAKE_S).seconds.do(self.look)

    def look(self) -> None:
        """Begins the present tick unless it has begun; a clock that was set back waits until it is past the last."""
        tick = tick_of(self._clock(), self._interval_s)
        if self._last is not None and tick <= self._last:
            return
        missed = 0 if self._last is None else (tick - self._last) // self._interval_s - 1
        self._last = tick
        self._begin(tick, missed)

    def run_pending(self) -> None:
        """One wake-up: does what is due."""
        self._scheduler.run_pending()

    def run(self, stop: threading.Event) -> None:
        """Begins the present tick at once, and then each one until `stop` is set."""
        self.look()
        while not stop.wait(min(WAKE_S, max(0.01, self._scheduler.idle_seconds or 0))):
            self.run_pending()
