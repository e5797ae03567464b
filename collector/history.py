"""Candles of all exchanges beside the polls: the last 24 h at the first start, holes after a stop, the watch list.

Two threads an exchange: one heals when there is something to heal, one keeps the watch list. Both begin with the
exchange's first quotes, since only then it is known which minutes are the polls'.
"""

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
from influx.settings import Settings

WATCH_SHARE = 0.5  # of the exchange's limit


class Histories:
    """The threads of all exchanges that publish candles; `heard` is the poller's to call after every poll."""

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

    def heard(self, polled: Polled) -> None:
        """Takes note of a poll."""
        self._polls[polled.exchange].heard(polled.tick_s)
        for thread in self._threads.get(polled.exchange, ()):
            thread.hear(polled)

    def stop(self) -> None:
        """Ends all calls that are under way, and waits for the threads."""
        for threads in self._threads.values():
            for thread in threads:
                thread.stop()
        for threads in self._threads.values():
            for thread in threads:
                thread.join()

    def _make(self, feed: Feed) -> Iterator[HealThread | WatchThread]:
        settings = self._settings
        yield HealThread(
            feed,
            self._source(feed, "heal", settings.history_share / 100),
            self._sink,
            lambda: tokens.connect(settings, tokens.COLLECTOR),
            self._waits_since_s,
            settings.home / "history",
            interval_s=settings.interval,
            retention_s=settings.retention,
            backfill=settings.backfill,
        )
        if settings.watch != ["0"]:
            source = self._source(feed, "watch", WATCH_SHARE)
            connect = lambda: tokens.connect(settings, tokens.COLLECTOR)  # noqa: E731 # the same as above
            yield WatchThread(feed, source, Watch(source, self._sink), connect, settings.watch)

    def _source(self, feed: Feed, use: str, share: float) -> CandleSource:
        exchange = cast(Candled, feed.exchange)  # isinstance can't say of a class that it is both
        pace = Pace(self._settings.home / "history" / f"{feed.name}.{use}", exchange.candle_requests_per_minute * share)
        return CandleSource(exchange, Fetcher(feed.fetcher.base_url), feed.standing, pace, self._polls[feed.name])
