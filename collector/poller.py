"""All exchanges side by side, at every tick: a worker each, so that none waits for another."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from random import Random

from collector.feed import Feed, Polled
from collector.telemetry import Telemetry
from collector.tick import Ticks
from influx.outage import Outage, time_of_day

log = logging.getLogger("coinwatch.poller")

SHARE = 0.8  # of the interval, after which a poll is over, counted from its tick
LEAST = 0.4  # of the interval, which a poll has in any case: the first one may begin just before the next tick
JITTER = 0.05  # of the interval, by which a poll begins later, so that not all exchanges are asked in the same instant
GRACE_S = 2.0  # for the polls under way when we are told to stop; then their requests are ended


class Lane:
    """One exchange's turn: one poll at a time; of the ticks that come meanwhile the newest waits."""

    def __init__(self, pool: ThreadPoolExecutor, poll: Callable[[int], None]) -> None:
        self._pool, self._poll = pool, poll
        self._lock = threading.Lock()
        self._busy: int | None = None
        self._waiting: int | None = None
        self.work: Future[None] | None = None

    def offer(self, tick_s: int) -> int | None:
        """Begins a poll, or lets the tick wait and answers which one is still under way."""
        with self._lock:
            if self._busy is not None:
                self._waiting = tick_s
                return self._busy
            self._busy = tick_s
        self.work = self._pool.submit(self._run, tick_s)
        return None

    def _run(self, tick_s: int) -> None:
        following: int | None = tick_s
        while following is not None:
            self._poll(following)
            with self._lock:
                following = self._busy = self._waiting
                self._waiting = None


class Poller:
    """Polls every feed at each tick; `done` is told of every poll, by the thread that made it."""

    def __init__(
        self,
        feeds: Sequence[Feed],
        interval_s: int,
        telemetry: Telemetry,
        clock: Callable[[], float] = time.time,
        done: Callable[[Polled], None] = lambda polled: None,
    ) -> None:
        self._feeds, self._interval_s, self._telemetry, self._done = feeds, interval_s, telemetry, done
        self._clock = clock
        self._pool = ThreadPoolExecutor(max(1, len(feeds)), thread_name_prefix="poll")
        self._lanes = {feed.name: Lane(self._pool, lambda tick_s, feed=feed: self.poll(feed, tick_s)) for feed in feeds}  # type: ignore[misc] # mypy does not infer a lambda's default
        self._ticks = Ticks(interval_s, self.begin, clock)
        self._stop = threading.Event()
        self._jitter = Random()
        self._first_tick: int | None = None
        self._states: dict[str, str] = {}
        self._reached = Outage(
            log, "collector", "exchange reached", "polls", "to look round without internet: make run SIMULATE=1", clock
        )

    def run(self, stop: threading.Event) -> None:
        """Polls until `stop` is set, and ends when what the polls under way have got is taken."""
        self._stop = stop
        try:
            self._ticks.run(stop)
        finally:
            self._end()

    def begin(self, tick_s: int, missed: int) -> None:
        """Hands a tick to every exchange."""
        self._first_tick = self._first_tick or tick_s
        if missed:
            log.warning("nobody was awake for the %d ticks before %s", missed, time_of_day(tick_s))
            self._telemetry.missed.inc(missed)
        for name, lane in self._lanes.items():
            under_way = lane.offer(tick_s)
            if under_way is not None:
                log.warning(
                    "%s: the poll of %s outlasts its interval; %s comes next",
                    name,
                    time_of_day(under_way),
                    time_of_day(tick_s),
                )
                self._telemetry.overruns.labels(name).inc()

    def poll(self, feed: Feed, tick_s: int) -> None:
        """One poll of one exchange, and what it tells."""
        if tick_s != self._first_tick:
            self._stop.wait(self._jitter.uniform(0, JITTER * self._interval_s))
        if self._stop.is_set():
            return
        left_s = tick_s + SHARE * self._interval_s - self._clock()
        try:
            self._hear(feed.poll(tick_s, max(LEAST * self._interval_s, left_s), more_s=left_s))
        except Exception:  # the top of a worker: a fault of ours in one poll must not end the next ones
            log.exception("%s: the poll of %s failed by a fault of ours", feed.name, time_of_day(tick_s))

    def _hear(self, polled: Polled) -> None:
        self._telemetry.polled(polled)
        self._done(polled)
        self._states[polled.exchange] = polled.state.name
        states = set(self._states.values())
        if states - {"down", "blocked"}:
            self._reached.over()
        elif len(self._states) == len(self._feeds):
            self._reached.failed("all of them are " + " or ".join(sorted(states)))

    def _end(self) -> None:
        under_way = [lane.work for lane in self._lanes.values() if lane.work]
        wait(under_way, GRACE_S)
        for feed in self._feeds:
            feed.stop()
        self._pool.shutdown(wait=True)
        for feed in self._feeds:
            feed.close()
