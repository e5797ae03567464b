"""All exchanges side by side, at every tick: a worker each, so that none waits for another."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random

from collector.feed import Feed, Polled
from collector.tick import Ticks
from influx.outage import Outage

log = logging.getLogger("coinwatch.poller")

SHARE = 0.8  # of the interval, after which a poll is over
JITTER = 0.05  # of the interval, by which a poll begins later, so that not all exchanges are asked in the same instant


class Lane:
    """One exchange's turn: one poll at a time; of the ticks that come meanwhile the newest waits."""

    def __init__(self, feed: Feed, pool: ThreadPoolExecutor, poll: Callable[[Feed, int], None]) -> None:
        self.feed, self._pool, self._poll = feed, pool, poll
        self._lock = threading.Lock()
        self._busy: int | None = None
        self._waiting: int | None = None

    def offer(self, tick_s: int) -> int | None:
        """Begins a poll, or lets the tick wait and answers which one is still under way."""
        with self._lock:
            if self._busy is not None:
                self._waiting = tick_s
                return self._busy
            self._busy = tick_s
        self._pool.submit(self._run, tick_s)
        return None

    def _run(self, tick_s: int) -> None:
        following: int | None = tick_s
        while following is not None:
            self._poll(self.feed, following)
            with self._lock:
                following = self._busy = self._waiting
                self._waiting = None


class Poller:
    """Polls every feed at each tick; `done` hears of every poll."""

    def __init__(
        self,
        feeds: Sequence[Feed],
        interval_s: int,
        done: Callable[[Polled], None] = lambda polled: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._feeds, self._interval_s, self._done = feeds, interval_s, done
        self._pool = ThreadPoolExecutor(max(1, len(feeds)), thread_name_prefix="poll")
        self._lanes = [Lane(feed, self._pool, self._poll) for feed in feeds]
        self._ticks = Ticks(interval_s, self.begin, clock)
        self._stop = threading.Event()
        self._jitter = Random()
        self._begun = False
        self._reached = Outage(
            log, "collector", "exchange reached", "polls", "to look around without internet: make run SIMULATE=1", clock
        )
        self._last: dict[str, Polled] = {}

    def run(self, stop: threading.Event) -> None:
        """Polls until `stop` is set, and ends when the polls under way are written."""
        self._stop = stop
        try:
            self._ticks.run(stop)
        finally:
            self._pool.shutdown(wait=True)
            for feed in self._feeds:
                feed.close()

    def begin(self, tick_s: int, missed: int) -> None:
        """Hands a tick to every exchange."""
        if missed:
            log.warning("%d ticks before %d had nobody awake for them", missed, tick_s)
        for lane in self._lanes:
            under_way = lane.offer(tick_s)
            if under_way is not None:
                log.warning(
                    "%s: the poll of tick %d outlasts its interval; tick %d waits", lane.feed.name, under_way, tick_s
                )
        self._begun = True

    def _poll(self, feed: Feed, tick_s: int) -> None:
        if self._begun:
            self._stop.wait(self._jitter.uniform(0, JITTER * self._interval_s))
        try:
            polled = feed.poll(tick_s, SHARE * self._interval_s)
        except Exception:  # the top of a worker: one exchange's fault must not end its polls
            log.exception("%s: the poll of tick %d failed by a fault of ours", feed.name, tick_s)
            return
        self._hear(polled)

    def _hear(self, polled: Polled) -> None:
        self._last[polled.exchange] = polled
        states = {last.state.name for last in self._last.values()}
        if len(self._last) == len(self._feeds) and states <= {"down", "blocked"}:
            self._reached.failed("all of them are " + " or ".join(sorted(states)))
        elif states - {"down", "blocked"}:
            self._reached.over()
        self._done(polled)
