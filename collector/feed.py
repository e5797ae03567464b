"""One exchange as the collector lives with it: its session, its pairs, its state, and a poll."""

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from collector import events, state
from collector.decode import Body, Changed
from collector.discovery import Directory
from collector.exchange import Declined, Exchange, Pair
from collector.fetch import PAUSE_S, Fetcher
from collector.lines import NS, WHOLE, Bad, Encoded, Shard, encode, told
from collector.outcome import Down, Failed, Limited
from collector.state import State
from influx import schema
from influx.outage import Outage

log = logging.getLogger("coinwatch.poller")

DISCOVER_S = 3600
DISCOVER_AGAIN_S = 300  # after a discovery that failed
STATE_AGAIN_S = 600  # a state that lasts is written this often, so that a reader of the last 30 min sees it


class Sink(Protocol):
    """Where lines go; when `append` returns, they are durable."""

    def append(self, bucket: str, lines: bytes) -> object:
        """Takes lines for a bucket."""


class Polled(Struct, frozen=True):
    """What one poll of an exchange gave; `unlisted` counts tickers that belong to no pair of ours."""

    exchange: str
    tick_s: int
    state: State
    pairs: int = 0
    quotes: int = 0
    bad: tuple[Bad, ...] = ()
    unlisted: int = 0
    took_s: float = 0.0


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
        discover_s: int = DISCOVER_S,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.exchange, self.name = exchange, exchange.name
        self.fetcher = Fetcher(base_url, clock)
        folder.mkdir(parents=True, exist_ok=True)
        self.directory = Directory(exchange, folder / f"{self.name}.pairs.json", shard)
        self._state_file = folder / f"{self.name}.state.json"
        self.state = state.kept(self._state_file)
        self._state_written_s = 0.0
        self._sink, self._discover_s, self._clock = sink, discover_s, clock
        self._discover_at_s = self.directory.listing.asked_s + discover_s
        self._quotes = Outage(log, self.name, "quotes", "ticks", "polling goes on", clock)
        self._parts = Outage(log, self.name, "full answer", "requests", "what came is kept", clock)
        self._rows = Outage(log, self.name, "clean answer", "rows", "the good rows are kept", clock)
        self._lists = Outage(log, self.name, "list of pairs", "lists", "the last one serves on", clock)

    def close(self) -> None:
        """Closes the connections."""
        self.fetcher.close()

    def poll(self, tick_s: int, seconds: float) -> Polled:
        """Asks for all quotes, appends them at the tick, then discovers if that is due; over within `seconds`."""
        began_s = time.monotonic()
        encoded = Encoded([], [])
        if self.state.may_ask(self._clock()):
            self._ask(tick_s, began_s + seconds, encoded)
        else:
            self._tell_state()
        return Polled(
            self.name,
            tick_s,
            self.state,
            len(self.directory.joined.markets),
            len(encoded.lines),
            tuple(encoded.bad),
            encoded.unlisted,
            time.monotonic() - began_s,
        )

    def _ask(self, tick_s: int, ends_s: float, encoded: Encoded) -> None:
        try:
            if not self.directory.listing.pairs:
                self._discover(ends_s)
            self._take(tick_s, ends_s, encoded)
            self.state = state.OK
        except (Failed, Changed) as error:
            self.state = state.after(error, self._clock())
        if encoded.lines:
            self._sink.append(schema.QUOTES.name, "\n".join(encoded.lines).encode())
        self._tell_rows(encoded.bad)
        self._tell_state()
        if self.state == state.OK and self._clock() >= self._discover_at_s:
            self._discover_again(ends_s)

    def _get(self, path: str, ends_s: float) -> Body:
        return Body(self.fetcher.get(path, ends_s - time.monotonic()))

    def _take(self, tick_s: int, ends_s: float, into: Encoded) -> None:
        """Adds the lines of every answer to `into`. One answer of several that fails costs only itself."""
        paths = self.exchange.ticker_urls(self.directory.listing.pairs)
        failures: list[Failed | Changed] = []
        for path in paths:
            try:
                body = self._get(path, ends_s)
                with self._declining():
                    into.add(encode(self.directory.joined.prefixes, self.exchange.quotes(body), tick_s), body.bad)
            except Limited:
                raise
            except (Failed, Changed) as error:
                failures.append(error)
        if not into.lines:
            raise failures[0] if failures else Changed(into.why_nothing())
        if failures:
            self._parts.failed(str(failures[0]), len(failures), f"; {len(failures)} of {len(paths)} requests")
        else:
            self._parts.over()

    def _discover(self, ends_s: float) -> None:
        pairs: list[Pair] = []
        for path in self.exchange.pair_urls():
            body = self._get(path, ends_s)
            with self._declining():
                pairs += self.exchange.pairs(body)
        first = not self.directory.listing.pairs
        changes = self.directory.take(pairs, self._clock())
        self._discover_at_s = self._clock() + self._discover_s
        if changes:
            now_ns = time.time_ns()
            lines = [events.pair_event(self.name, change, now_ns) for change in changes]
            self._sink.append(schema.EVENTS.name, "\n".join(lines).encode())
        if changes or first:
            count, left_out = len(self.directory.joined.markets), told(self.directory.joined.left_out)
            log.info(
                "%s: %d pairs, %d changes%s", self.name, count, len(changes), left_out and f"; left out: {left_out}"
            )

    def _discover_again(self, ends_s: float) -> None:
        try:
            self._discover(ends_s)
            self._lists.over()
        except (Failed, Changed) as error:
            self._lists.failed(str(error))
            self._discover_at_s = self._clock() + DISCOVER_AGAIN_S
            if isinstance(error, Limited):
                self.state = state.after(error, self._clock())
                self._tell_state()

    @contextlib.contextmanager
    def _declining(self) -> Iterator[None]:
        """An exchange's refusal in its own envelope as the failure that it means."""
        try:
            yield
        except Declined as error:
            said = f"the exchange says {str(error)!r}"
            raise Limited(said, self._clock() + PAUSE_S) if error.limited else Down(said) from error

    def _tell_rows(self, bad: list[Bad]) -> None:
        if bad:
            reasons = ", ".join(sorted({row.reason for row in bad}))
            self._rows.failed(reasons, len(bad), f": {told(bad)}")
        else:
            self._rows.over()

    def _tell_state(self) -> None:
        """Logs an outage's begin and end, and writes the state: when it changes, and now and then while it lasts."""
        now, now_s = self.state, self._clock()
        if now == state.OK:
            self._quotes.over()
        else:
            until = f", {now.name} until {now.until}" if now.until else f", {now.name}"
            self._quotes.failed(now.reason, 1, until)
        if now != state.kept(self._state_file):
            state.keep(self._state_file, now)
            self._state_written_s = 0.0
        if now_s - self._state_written_s >= STATE_AGAIN_S:
            self._state_written_s = now_s
            line = events.exchange_state(self.name, now, int(now_s * NS))
            self._sink.append(schema.EVENTS.name, line.encode())
