"""How long the writer waits after a failure: the database gets a growing pause, a batch that may be at fault a hold.

So a server that is away is asked every 10 s at most, one that names a time is left alone until then, and a batch that
alone meets errors does not stand in the way of the others.
"""

import random
from collections.abc import Iterable

from collector.spool_format import Record
from influx.client import DatabaseError, Later

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 10.0
LONGEST_HOLD_S = 30.0
LONGEST_ASKED_S = 900.0  # a longer Retry-After is taken for an error

WHOLE_SERVER = (0, 429, 502, 503, 504)  # no answer, too many requests, or out of service: no batch's fault
MISSING = 404  # a bucket's fault, and the others are there


class Patience:
    """All times are seconds of a monotonic clock, handed in by the caller: setting the clock must make no pause."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self._paused_until_s = 0.0
        self._held: dict[Record, tuple[int, float]] = {}  # how often it has failed, and until when it is held

    def failed(self, records: Iterable[Record], error: Exception, now_s: float) -> None:
        """These were sent and are kept."""
        status = error.status if isinstance(error, Later) else None
        if status != MISSING and isinstance(error, DatabaseError):
            self._pause(error, now_s)
        if status not in WHOLE_SERVER:
            self._hold(records, now_s)

    def succeeded(self, records: Iterable[Record]) -> None:
        """These are out of the spool."""
        self._in_a_row = 0
        if self._held:
            for record in records:
                self._held.pop(record, None)

    def pause_s(self, now_s: float) -> float:
        """How long nothing at all is sent."""
        return max(0.0, self._paused_until_s - now_s)

    def allows(self, record: Record, now_s: float) -> bool:
        """Whether a batch may be sent again."""
        return not self._held or self._held.get(record, (0, 0.0))[1] <= now_s

    def next_s(self, now_s: float) -> float:
        """When the next held batch may be sent; infinity: none is held."""
        return min((until_s for _, until_s in self._held.values() if until_s > now_s), default=float("inf"))

    def _pause(self, error: DatabaseError, now_s: float) -> None:
        asked_s = min(error.after_s, LONGEST_ASKED_S) if isinstance(error, Later) else 0.0
        pause_s = FIRST_PAUSE_S * 2 ** min(self._in_a_row, 10) * random.uniform(0.75, 1.25)
        self._paused_until_s = now_s + max(asked_s, min(pause_s, LONGEST_PAUSE_S))
        self._in_a_row += 1

    def _hold(self, records: Iterable[Record], now_s: float) -> None:
        for record in records:
            times = self._held.get(record, (0, 0.0))[0] + 1
            self._held[record] = times, now_s + min(2.0 ** min(times, 10), LONGEST_HOLD_S)
