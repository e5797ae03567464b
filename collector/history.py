"""Candles of all exchanges beside the polls: the last 24 h at the first start, holes after a stop, the watch list.

Two threads an exchange: one heals when there is something to heal, one keeps the watch list. Both begin with the
exchange's first quotes, since only then it is known which minutes are the polls'.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import cast

from collector.candle_source import Candled, CandleSource
from collector.exchange import History
from collector.feed import Feed, Polled
from collector.fetch import Fetcher
from collector.heal_thread import HealThread
from collector.pace import Pace
from collector.poller import SHARE
from collector.polls_first import PollsFirst
from collector.sink import Sink
from collector.watch import Watch
from collector.watch_thread import WatchThread
from influx import tokens
from influx.client import Database
from influx.settings import Settings

LAST_S = 1.0  # for the threads when they are told to stop
WATCH_SHARE = 0.5  # of the exchange's limit


class Histories:
    """The threads of all exchanges that publish candles; `hear` is the poller's to call after every poll."""

    def __init__(
        self, feeds: Sequence[Feed], settings: Settings, sink: Sink, waits_since_s: Callable[[], float | None]
    ) -> None:
        self._settings, self._sink, self._waits_since_s = settings, sink, waits_since_s
        self._polls = {feed.name: PollsFirst(settings.interval, SHARE * settings.interval) for feed in feeds}
        self._threads = {feed.name: list(self._make(feed)) for feed in feeds if isinstance(feed.exchange, History)}

    def start(self) -> None:
        """Starts all threads."""
        for threads in self._threads.values():
            for thread in threads:
                thread.start()

    def hear(self, polled: Polled) -> None:
        """Takes note of a poll."""
        self._polls[polled.exchange].heard(polled.tick_s)
        for thread in self._threads.get(polled.exchange, ()):
            thread.hear(polled)

    def stop(self) -> None:
        """Ends all calls that are under way, and waits for the threads, but not for a long query of theirs."""
        for threads in self._threads.values():
            for thread in threads:
                thread.stop()
        ends_s = time.monotonic() + LAST_S
        for threads in self._threads.values():
            for thread in threads:
                thread.join(max(0.0, ends_s - time.monotonic()))

    def _make(self, feed: Feed) -> Iterator[HealThread | WatchThread]:
        settings, polls = self._settings, self._polls[feed.name]
        yield HealThread(
            feed,
            heal_source(feed, settings, polls),
            self._sink,
            self._connect,
            self._waits_since_s,
            settings.home / "history",
            interval_s=settings.interval,
            retention_s=settings.retention,
            backfill=settings.backfill,
        )
        if settings.watch != ["0"]:
            source = candle_source(feed, settings, polls, "watch", WATCH_SHARE)
            yield WatchThread(feed, source, Watch(source, self._sink), self._connect, settings.watch)

    def _connect(self) -> Database | None:
        return tokens.connect(self._settings, tokens.COLLECTOR)


def heal_source(feed: Feed, settings: Settings, polls: PollsFirst) -> CandleSource:
    """An exchange's candles at the pace of the setting's share."""
    return candle_source(feed, settings, polls, "heal", settings.history_share / 100)


def candle_source(feed: Feed, settings: Settings, polls: PollsFirst, use: str, share: float) -> CandleSource:
    """An exchange's candles at a share of its limit; all who name the same use share one pace."""
    exchange = cast(Candled, feed.exchange)  # the caller has looked that it is a History too
    path = settings.home / "history" / f"{feed.name}.{use}"
    pace = Pace(path, exchange.candle_requests_per_minute * share)
    return CandleSource(exchange, Fetcher(feed.fetcher.base_url), feed.standing, pace, polls)
