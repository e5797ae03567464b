"""Polls go first: whoever asks an exchange for anything else waits while its poll is due or under way."""

import threading
import time
from collections.abc import Callable

from collector.tick import tick_of


class PollsFirst:
    """Whether one exchange's poll of the present tick is over; for at most `longest_s` after the tick."""

    def __init__(self, interval_s: int, longest_s: float, clock: Callable[[], float] = time.time) -> None:
        self._interval_s, self._longest_s, self._clock = interval_s, longest_s, clock
        self._over = threading.Condition()
        self._last_s = 0

    def heard(self, tick_s: int) -> None:
        """The poll of a tick is over."""
        with self._over:
            self._last_s = max(self._last_s, tick_s)
            self._over.notify_all()

    def left_s(self) -> float:
        """For how long the poll of the present tick may still need the exchange; 0: it is over."""
        now_s = self._clock()
        tick_s = tick_of(now_s, self._interval_s)
        return 0.0 if tick_s <= self._last_s else max(0.0, tick_s + self._longest_s - now_s)

    def wait(self) -> None:
        """Returns when no poll is due or under way."""
        with self._over:
            self._over.wait_for(lambda: not self.left_s(), timeout=self.left_s())
