"""The thread that heals one exchange: it sleeps until polls tell of missing minutes, a new pair or the first start."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from collector.answered import Answered
from collector.backfill_report import Report
from collector.candle_source import CandleSource
from collector.exchange import History
from collector.feed import Feed, Polled
from collector.heal import Healer, Series
from collector.heal_round import Round
from collector.minutes import MINUTE_S, Span, minute_of_tick
from collector.outcome import Stopped
from collector.sink import Sink
from collector.stored import Stored
from influx.client import Database, DatabaseError

log = logging.getLogger("coinwatch.history")

DAY_S = 86_400
AGAIN_S = 3600.0  # after a round in which pairs failed
LOOK_S = 2.0  # between two looks whether the database is there and up to date
MARGIN_S = 3600  # points that would grow too old on their way


class Holes:
    """When there is something to heal: at the first quotes, after ticks without quotes, with a new pair."""

    def __init__(self) -> None:
        self._last_s: int | None = None
        self._pairs: frozenset[str] = frozenset()

    def after(self, polled: Polled, pairs: frozenset[str]) -> bool:
        """Whether this poll's quotes lie behind a missing minute, or are of a new pair."""
        if not polled.quotes:
            return False
        last_s, self._last_s = self._last_s, polled.tick_s
        new, self._pairs = pairs - self._pairs, pairs
        return last_s is None or bool(new) or minute_of_tick(polled.tick_s) - minute_of_tick(last_s) > MINUTE_S


def span_to_heal(tick_s: int, complete_s: int, retention_s: int) -> Span:
    """The minutes before a tick's own that a round looks at: a day, or all since the last complete round."""
    end_s = minute_of_tick(tick_s)
    start_s = min(end_s - DAY_S, complete_s or end_s)
    return Span(max(start_s, end_s - minute_of_tick(retention_s - MARGIN_S)), end_s)


class HealThread(threading.Thread):
    """`hear` is told of every poll; `stop` ends the thread, and the next start goes on where it was."""

    def __init__(
        self,
        feed: Feed,
        source: CandleSource,
        sink: Sink,
        connect: Callable[[], Database | None],
        waits_since_s: Callable[[], float | None],
        folder: Path,
        *,
        interval_s: int,
        retention_s: int,
        backfill: bool,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`connect` gives the database or None while it is not set up; `waits_since_s` the spool's oldest append."""
        super().__init__(name=f"heal-{feed.name}", daemon=True)
        self._feed, self._source, self._sink, self._connect = feed, source, sink, connect
        self._waits_since_s, self._clock = waits_since_s, clock
        self._interval_s, self._retention_s, self._backfill = interval_s, retention_s, backfill
        self._answered = Answered(folder / f"{feed.name}.answered", int(clock()) - retention_s)
        self._holes = Holes()
        self._wanted = threading.Condition()
        self._tick_s: int | None = None
        self._newest_tick_s = 0
        self._again_s = float("inf")
        self._stopped = False

    def hear(self, polled: Polled) -> None:
        """Takes note of a poll."""
        pairs = frozenset(market.pair for market in self._feed.directory.joined.markets.values())
        with self._wanted:
            if polled.quotes:
                self._newest_tick_s = polled.tick_s
            if self._holes.after(polled, pairs):
                self._tick_s = polled.tick_s
            self._wanted.notify()

    def stop(self) -> None:
        """Ends the call under way and the thread."""
        self._source.stop()
        with self._wanted:
            self._stopped = True
            self._wanted.notify()

    def run(self) -> None:
        """Rounds, until stopped."""
        try:
            while (tick_s := self._wait()) is not None:
                self._round(tick_s)
        except Stopped:
            return
        except Exception:  # the top of a thread: a fault of ours must be told
            log.exception("%s: healing ended by a fault of ours", self._feed.name)
        finally:
            self._source.close()

    def _wait(self) -> int | None:
        with self._wanted:
            while not self._stopped:
                if self._tick_s is None and self._clock() >= self._again_s:
                    self._tick_s = self._newest_tick_s
                if self._tick_s is not None:
                    tick_s, self._tick_s, self._again_s = self._tick_s, None, float("inf")
                    return tick_s
                self._wanted.wait(min(MINUTE_S, max(0.0, self._again_s - self._clock())))
        return None

    def _round(self, tick_s: int) -> None:
        """Heals what lies before the tick, as often as it takes until the database could be read."""
        asked_s = self._clock()
        while True:
            self._source.pause(0)
            database = self._connect()
            if database is not None and self._settled(asked_s):
                try:
                    return self._heal(database, tick_s)
                except DatabaseError as error:
                    log.debug("%s: healing waits for the database: %s", self._feed.name, error)
                finally:
                    database.close()
            self._source.pause(LOOK_S)

    def _settled(self, asked_s: float) -> bool:
        """Whether all that was polled before has reached the database, which is asked what is missing."""
        since_s = self._waits_since_s()
        return since_s is None or since_s > asked_s

    def _behind_s(self) -> float:
        since_s = self._waits_since_s()
        return 0.0 if since_s is None else self._clock() - since_s

    def _heal(self, database: Database, tick_s: int) -> None:
        name = self._feed.name
        span = span_to_heal(tick_s, self._answered.complete_s, self._retention_s)
        report = Report(
            name, self._source.pace.per_minute, calls_each(self._source.exchange, span), self._sink, self._clock
        )
        stored = Stored(database, name)
        healer = Healer(self._source, stored, self._answered, self._sink, self._behind_s, backfill=self._backfill)
        progress = Round(healer, self._source, stored, self._interval_s, report.hear, self._clock).run(
            series_of(self._feed), span
        )
        report.end(progress)
        if progress.failed:
            self._again_s = self._clock() + AGAIN_S
        else:
            self._answered.complete(span.end_s)


def calls_each(exchange: History, span: Span) -> int:
    """How many calls a pair needs that has nothing of a span."""
    minutes = len(span) if exchange.candle_depth is None else min(len(span), exchange.candle_depth)
    return -(-minutes // exchange.candles_per_call)


def series_of(feed: Feed) -> list[Series]:
    """The series that a feed collects."""
    markets = feed.directory.joined.markets
    return [Series(pair, markets[pair.code]) for pair in feed.directory.listing.pairs if pair.code in markets]
