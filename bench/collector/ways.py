"""Three ways of the same quotes into the same database through the same client, each with `rate`: quotes a second.

With the spool, as the collector does; without it, from memory; and lines that are encoded before the clock starts.
"""

import itertools
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bench.place import Place
from collector import lines
from collector.decode import Body
from collector.exchange import Quote
from collector.exchanges.binance import Binance
from collector.feed import Feed
from collector.sink import Sink
from collector.spool import Spool
from collector.writer import MOST_LINES, Writer
from influx import schema, tokens
from influx.client import Database
from tests.eventually import eventually

BATCHES = 20
TICKS = itertools.count(int(time.time()) + 60)  # to come: so nothing is late, and no point is written twice


class Polled:
    """Polls back to back, without waiting for a tick; the clock stops when `written` returns."""

    def __init__(self, url: str, folder: Path, sink: Sink, written: Callable[[], object]) -> None:
        self._feed, self._written = Feed(Binance(), url, folder, sink), written
        self.rate()

    def rate(self) -> float:
        began_s = time.perf_counter()
        quotes = sum(self._feed.poll(next(TICKS), 60).quotes for _ in range(BATCHES))
        self._written()
        return quotes / (time.perf_counter() - began_s)


def with_spool(url: str, folder: Path, place: Place) -> Polled:
    """The collector's own way."""

    def connect() -> Database | None:
        return tokens.connect(place.settings, tokens.COLLECTOR, timeout_s=120)

    spool = Spool(folder / "spool", 10**9)
    Writer(spool, folder / "letters", connect, place.settings.interval).start()
    return Polled(url, folder / "one", spool, lambda: eventually(lambda: not spool.waiting, "written", every_s=0.005))


class Memory:
    """A sink whose thread writes what has come, in requests as large as the writer's; it is lost with the process."""

    def __init__(self, database: Database, most_batches: int) -> None:
        self._database, self._most_batches = database, most_batches
        self._queue: queue.Queue[bytes] = queue.Queue()
        threading.Thread(target=self._run, daemon=True).start()

    def append(self, lines: bytes, bucket: str) -> None:
        self._queue.put(lines + b"\n")

    def written(self) -> None:
        self._queue.join()

    def _run(self) -> None:
        while True:
            bodies = [self._queue.get()]
            while len(bodies) < self._most_batches and not self._queue.empty():
                bodies.append(self._queue.get())
            self._database.write(schema.QUOTES.name, b"".join(bodies))
            for _ in bodies:
                self._queue.task_done()


def without_spool(url: str, folder: Path, place: Place, size: int) -> Polled:
    """The same from memory."""
    memory = Memory(place.database(), max(1, MOST_LINES // size))
    return Polled(url, folder / "other", memory, memory.written)


class Encoded:
    """Nothing but writing, in requests as large as the writer's."""

    def __init__(self, prefixes: dict[str, str], quotes: list[Quote], database: Database) -> None:
        self._prefixes, self._quotes, self._database = prefixes, quotes, database
        self.rate()

    def rate(self) -> float:
        encoded = [one for _ in range(BATCHES) for one in lines.encode(self._prefixes, self._quotes, next(TICKS)).lines]
        starts = range(0, len(encoded), MOST_LINES)
        batches = ["\n".join(encoded[start : start + MOST_LINES]).encode() for start in starts]
        began_s = time.perf_counter()
        for batch in batches:
            self._database.write(schema.QUOTES.name, batch)
        return len(encoded) / (time.perf_counter() - began_s)


def encoded_lines(listing: bytes, tickers: bytes, place: Place) -> Encoded:
    """Of an exchange's two answers."""
    exchange = Binance()
    prefixes = lines.join(exchange.name, exchange.aliases, exchange.pairs(Body(listing))).prefixes
    return Encoded(prefixes, list(exchange.quotes(Body(tickers))), place.database())
