"""The thread that keeps one exchange's watch list: which pairs are on it is looked up hourly, a turn comes a minute."""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from collector.candle_source import CandleSource
from collector.feed import Feed, Polled
from collector.heal import Series
from collector.heal_thread import series_of
from collector.outcome import Stopped
from collector.stored import Stored
from collector.turnover import most_traded
from collector.watch import Watch, chosen
from influx.client import Database, DatabaseError

log = logging.getLogger("coinwatch.history")

CHOOSE_S = 3600
CHOOSE_AGAIN_S = 60  # while nothing is known of the turnovers


class WatchThread(threading.Thread):
    """`hear` is told of every poll; the list is made once there are quotes."""

    def __init__(
        self,
        feed: Feed,
        source: CandleSource,
        watch: Watch,
        connect: Callable[[], Database | None],
        wish: Sequence[str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(name=f"watch-{feed.name}", daemon=True)
        self._feed, self._source, self._watch, self._connect = feed, source, watch, connect
        self._wish, self._clock = wish, clock
        self._polled = threading.Event()
        self._series: list[Series] = []
        self._choose_at_s = 0.0

    def hear(self, polled: Polled) -> None:
        """Takes note of a poll."""
        if polled.quotes:
            self._polled.set()

    def stop(self) -> None:
        """Ends the call under way and the thread."""
        self._source.stop()
        self._polled.set()

    def run(self) -> None:
        """Turns, until stopped."""
        self._polled.wait()
        try:
            while True:
                self._source.pause(self._watch.next_s())
                self._choose()
                self._watch.turn(self._series)
        except Stopped:
            return
        except Exception:  # the top of a thread: a fault of ours must be told
            log.exception("%s: the watch list ended by a fault of ours", self._feed.name)
        finally:
            self._source.close()

    def _choose(self) -> None:
        if self._clock() < self._choose_at_s:
            return
        order = self._order()
        calls = int(self._source.pace.per_minute)
        self._series = (
            chosen(series_of(self._feed), self._wish, order, calls) if order or not self._series else self._series
        )
        self._choose_at_s = self._clock() + (CHOOSE_S if order else CHOOSE_AGAIN_S)

    def _order(self) -> list[str]:
        """The pairs by turnover; none while the database can't say."""
        database = self._connect()
        if database is None:
            return []
        try:
            return most_traded(Stored(database, self._feed.name).traded(self._clock()))
        except DatabaseError as error:
            log.debug("%s: the watch list waits for the database: %s", self._feed.name, error)
            return []
        finally:
            database.close()
