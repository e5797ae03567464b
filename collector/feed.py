"""One exchange as the collector lives with it: its session, its pairs, and a poll."""

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from collector import allowance, events
from collector.decode import Body, Changed
from collector.discovery import Directory
from collector.exchange import Declined, Exchange, Pair
from collector.fetch import PAUSE_S, Fetcher
from collector.lines import WHOLE, Bad, Encoded, Shard, encode, reasons, told, unreadable
from collector.outcome import Down, Failed, Limited, Stopped
from collector.series_cap import SeriesCap
from collector.sink import Sink, taken
from collector.standing import Standing
from collector.state import State
from influx import schema
from influx.outage import Outage

log = logging.getLogger("coinwatch.poller")

DISCOVER_S = 3600
DISCOVER_LEAST_S = 1.0  # that must be left of a tick
DISCOVER_AGAIN_S = 300  # after a discovery that failed


class Polled(Struct, frozen=True):
    """What one poll of an exchange gave."""

    exchange: str
    tick_s: int
    state: State
    pairs: int
    """Series that are collected."""
    capped: int
    """Series that the bound on series leaves out."""
    quotes: int
    """Quotes that are on disk."""
    lost: int
    """Quotes for which the disk had no room."""
    bad: tuple[Bad, ...]
    """Rows that were left out."""
    unlisted: int
    """Tickers that belong to no pair of ours."""
    used: float | None
    """Share of the exchange's request limit that is used, where it says so."""
    took_s: float


class Feed:
    """One exchange. `poll` is called by one thread at a time."""

    def __init__(
        self,
        exchange: Exchange,
        base_url: str,
        folder: Path,
        sink: Sink,
        *,
        shard: Shard = WHOLE,
        cap: SeriesCap | None = None,
        discover_s: int = DISCOVER_S,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.exchange, self.name = exchange, exchange.name
        self.fetcher = Fetcher(base_url, clock)
        folder.mkdir(parents=True, exist_ok=True)
        self.directory = Directory(exchange, pairs_file(folder, self.name), shard, cap)
        self.standing = Standing(self.name, state_file(folder, self.name), sink, clock)
        self._sink, self._discover_s, self._clock = sink, discover_s, clock
        self._discover_at_s = self.directory.listing.asked_s + discover_s
        self._used: float | None = None
        self._next_detail = 0
        self._parts = Outage(log, self.name, "full answer", "requests", "what came is kept", clock)
        self._rows = Outage(log, self.name, "clean answer", "rows", "the good rows are kept", clock)
        self._details = Outage(log, self.name, "details of pairs", "requests", "their prices still come", clock)
        self._listed = Outage(log, self.name, "clean list of pairs", "rows", "no pair is taken for delisted", clock)
        self._lists = Outage(log, self.name, "list of pairs", "lists", "the last one serves on", clock)

    def poll(self, tick_s: int, seconds: float, more_s: float | None = None) -> Polled:
        """Asks for all quotes within `seconds` and appends them at the tick.

        Then, until `more_s` seconds after its begin, a discovery if that is due, and details of pairs.
        """
        began_s = time.monotonic()
        encoded, kept = Encoded([], []), True
        if self.standing.may_ask():
            self.directory.fit()
            answered = self._ask(tick_s, began_s + seconds, encoded)
            kept = taken(self._sink, encoded.lines, schema.QUOTES.name)
            self._tell_rows(encoded.bad)
            if answered:
                self._go_on(tick_s, began_s + (seconds if more_s is None else more_s))
        else:
            self.standing.passed_by()
        return Polled(
            exchange=self.name,
            tick_s=tick_s,
            state=self.standing.state,
            pairs=len(self.directory.joined.markets),
            capped=self.directory.left_out,
            quotes=len(encoded.lines) if kept else 0,
            lost=0 if kept else len(encoded.lines),
            bad=tuple(encoded.bad),
            unlisted=encoded.unlisted,
            used=self._used,
            took_s=time.monotonic() - began_s,
        )

    def stop(self) -> None:
        """Ends the request under way, and those that would follow; what has come is still written."""
        self.fetcher.stop()

    def close(self) -> None:
        """Closes the connections."""
        self.fetcher.close()

    def _ask(self, tick_s: int, ends_s: float, encoded: Encoded) -> bool:
        """Fills `encoded` and enters the state that the answers mean; True when there are quotes."""
        try:
            if not self.directory.listing.pairs:
                self._discover(ends_s)
            self._take(tick_s, ends_s, encoded)
        except Stopped:
            return False
        except (Failed, Changed) as error:
            self.standing.failed(error)
            return False
        self.standing.answered()
        return True

    def _take(self, tick_s: int, ends_s: float, into: Encoded) -> None:
        """Adds the lines of every answer to `into`. One answer of several that fails costs only itself."""
        paths = self.exchange.ticker_urls(self.directory.collected)
        failures: list[Failed | Changed] = []
        for path in paths:
            try:
                body = self._get(path, ends_s)
                with self._reading():
                    into.add(encode(self.directory.joined.prefixes, self.exchange.quotes(body), tick_s), body.bad)
            except (Limited, Stopped):
                raise
            except (Failed, Changed) as error:
                failures.append(error)
        if not into.lines:
            raise failures[0] if failures else Changed(into.why_nothing())
        if failures:
            self._parts.failed(str(failures[0]), len(failures), f"; {len(failures)} of {len(paths)} requests")
        else:
            self._parts.over()

    def _get(self, path: str, ends_s: float) -> Body:
        body = Body(self.fetcher.get(path, ends_s - time.monotonic()))
        self._used = allowance.used(self.exchange, self.fetcher.headers)
        return body

    def _go_on(self, tick_s: int, ends_s: float) -> None:
        """What follows the tick's quotes while there is time: a due discovery, and some pairs' details."""
        if self._clock() >= self._discover_at_s and time.monotonic() + DISCOVER_LEAST_S < ends_s:
            self._discover_again(ends_s)
        self._take_details(tick_s, ends_s)
        if pause := allowance.pause(self._used, self._clock()):
            self.standing.failed(pause, missed=0)

    def _take_details(self, tick_s: int, ends_s: float) -> None:
        """Asks for the next few pairs' details, as slowly as the limit wants; appends them at the tick, too."""
        paths = self.exchange.detail_urls(self.directory.collected)
        if not paths:
            return
        apart_s = 60 / self.exchange.details_per_minute
        encoded = Encoded([], [])
        try:
            while time.monotonic() + apart_s < ends_s and not self.fetcher.pause(apart_s):
                path = paths[self._next_detail % len(paths)]
                self._next_detail += 1
                body = self._get(path, ends_s)
                with self._reading():
                    encoded.add(encode(self.directory.joined.prefixes, self.exchange.quotes(body), tick_s), body.bad)
            self._details.over()
        except Stopped:
            pass
        except (Failed, Changed) as error:
            self._details.failed(str(error))
            if isinstance(error, Limited):
                self.standing.failed(error, missed=0)
        taken(self._sink, encoded.lines, schema.QUOTES.name)

    def _discover(self, ends_s: float) -> None:
        pairs: list[Pair] = []
        bad: list[Bad] = []
        for path in self.exchange.pair_urls():
            body = self._get(path, ends_s)
            with self._reading():
                pairs += self.exchange.pairs(body)
            bad += unreadable(body.bad)
        if bad:
            self._listed.failed(reasons(bad), len(bad), f": {told(bad)}")
        else:
            self._listed.over()
        changes = self.directory.take(pairs, self._clock(), whole=not bad)
        self._discover_at_s = self._clock() + self._discover_s
        now_ns = time.time_ns()
        taken(self._sink, [events.pair_event(self.name, change, now_ns) for change in changes], schema.EVENTS.name)

    def _discover_again(self, ends_s: float) -> None:
        try:
            self._discover(ends_s)
            self._lists.over()
        except Stopped:
            return
        except (Failed, Changed) as error:
            self._discover_at_s = self._clock() + DISCOVER_AGAIN_S
            self._lists.failed(str(error))
            if isinstance(error, Limited):
                self.standing.failed(error, missed=0)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        """What an adapter meets in an answer, as the failure that it means."""
        try:
            yield
        except (ValueError, TypeError, LookupError, ArithmeticError) as error:
            raise Changed(f"{type(error).__name__} {error}") from error
        except Declined as error:
            said = f"the exchange says {str(error)!r}"
            raise Limited(said, self._clock() + PAUSE_S) if error.limited else Down(said) from error

    def _tell_rows(self, bad: list[Bad]) -> None:
        if bad:
            self._rows.failed(reasons(bad), len(bad), f": {told(bad)}")
        else:
            self._rows.over()


def pairs_file(folder: Path, name: str) -> Path:
    """Where an exchange's list of pairs is kept."""
    return folder / f"{name}.pairs.json"


def state_file(folder: Path, name: str) -> Path:
    """Where an exchange's state is kept."""
    return folder / f"{name}.state.json"
