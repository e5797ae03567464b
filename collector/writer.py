"""The writer: a thread that empties the spool into the database.

Two lanes. What came in the last moments goes first, newest first, so a fresh quote never waits for a backlog. What is
older goes oldest first, at most half of the time. A batch leaves the spool when the database has said 204 to all its
good lines, its bad ones are dead letters, and what of it was late is told.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct

from collector import dead_letters, packing
from collector.dead_letters import LettersFull
from collector.delivery import Refusal, deliver
from collector.late import is_late, late_lines
from collector.patience import Patience
from collector.spool import Spool
from collector.spool_format import Record
from influx import schema
from influx.client import Database, DatabaseError, Forbidden, Refused
from influx.outage import Outage

log = logging.getLogger("coinwatch.writer")

MOST_LINES = 20_000  # in one request: 0.2 to 0.3 s of influxd's time
FRESH_INTERVALS = 2
NO_TOKEN_S = 1.0
IDLE_S = 60.0
STUMBLED_S = 5.0


class Figures(Struct):
    """What the writer has done since it was started."""

    requests: int = 0
    failures: int = 0
    written: int = 0
    refused: int = 0
    last_written_s: float = 0.0
    """When lines were last written, Unix seconds; 0: never."""


class Writer:
    """Empties `spool` into the database that `connect` gives, or None while there is no token; one thread."""

    def __init__(
        self,
        spool: Spool,
        letters: Path,
        connect: Callable[[], Database | None],
        interval_s: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.figures = Figures()
        self._spool, self._letters, self._connect = spool, letters, connect
        self._interval_s, self._clock = interval_s, clock
        self._database: Database | None = None
        self._outage = Outage(log, "database", "writes", "batches", "the spool keeps what comes", clock)
        self._failing: set[str] = set()  # buckets
        self._patience = Patience()
        self._backlog_from_s = 0.0
        self._stopping = threading.Event()
        self._ends_s = float("inf")
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def stop(self, deadline_s: float) -> bool:
        """Writes what can be written in that time, and ends; the rest stays in the spool. True: nothing is left."""
        self._ends_s = time.monotonic() + deadline_s
        self._stopping.set()
        self._spool.news.set()
        self._thread.join(deadline_s)
        return self._spool.waiting == 0

    def _run(self) -> None:
        while True:
            self._spool.news.clear()
            try:
                rest_s = self.step()
            except Exception:  # the top of this thread: without it nothing would ever be written again
                log.exception("the writer stumbled; it goes on in %s s", STUMBLED_S)
                rest_s = STUMBLED_S
            if self._stopping.is_set() and (rest_s or time.monotonic() > self._ends_s):
                break
            if rest_s:
                self._spool.news.wait(rest_s)
        self._disconnect()

    def step(self) -> float:
        """One request, or none if it is not time; answers how many seconds to rest unless news comes."""
        began_s = time.monotonic()
        if pause_s := self._patience.pause_s(began_s):
            return pause_s
        group = self._fresh(began_s)
        is_backlog = not group
        if is_backlog and (began_s >= self._backlog_from_s or self._stopping.is_set()):
            group = self._spool.oldest(MOST_LINES, lambda record: self._patience.allows(record, began_s))
        if not group:
            times = [self._patience.next_s(began_s), self._backlog_from_s, began_s + IDLE_S]
            return min(when_s - began_s for when_s in times if when_s > began_s)
        database = self._connected(group[0].bucket)
        if database is None:
            return NO_TOKEN_S
        self._send(database, group)
        if is_backlog:
            ended_s = time.monotonic()
            self._backlog_from_s = ended_s + (ended_s - began_s)
        return 0.0

    def _fresh(self, moment_s: float) -> list[Record]:
        since_ns = int((self._clock() - FRESH_INTERVALS * self._interval_s) * 1e9)
        return self._spool.newest(MOST_LINES, lambda record: self._patience.allows(record, moment_s), since_ns)

    def _send(self, database: Database, group: list[Record]) -> None:
        bodies: dict[Record, bytes] = {}
        try:
            bodies |= {record: body for record in group if (body := self._spool.read(record)) is not None}
            if bodies:
                body, gzipped = packing.joined(list(bodies.values()))
                self._request(database, group[0].bucket, body, gzipped=gzipped)
                self._tell_late(database, bodies)
                self._finished(list(bodies), sum(record.lines for record in bodies))
        except Refused as refused:
            for record, body in bodies.items():
                if not self._send_good_lines(database, record, body, refused if len(bodies) == 1 else None):
                    break
        except (DatabaseError, LettersFull, OSError) as error:
            self._failed(list(bodies) or group, error)

    def _send_good_lines(self, database: Database, record: Record, body: bytes, refused: Refused | None) -> bool:
        """Of a batch that was refused, writes what can be written and makes dead letters of the rest."""
        lines = [line for line in packing.plain(body).split(b"\n") if line]
        outcome = deliver(partial(self._request, database, record.bucket), lines, refused)
        try:
            if outcome.why:
                raise outcome.why
            self._set_aside(record.bucket, outcome.refused)
            if outcome.written:
                self._tell_late(database, {record: body})
        except (DatabaseError, LettersFull, OSError) as error:
            self._failed([record], error)
            return False
        self._finished([record], outcome.written)
        return True

    def _tell_late(self, database: Database, bodies: dict[Record, bytes]) -> None:
        """Writes which ticks came late, before the batch is done: after a crash in between, both are sent again."""
        now_s = self._clock()
        old = [
            packing.plain(body)
            for record, body in bodies.items()
            if is_late(min(record.first_ns, record.last_ns), now_s)
        ]
        late = late_lines(b"".join(old), now_s)
        outcome = deliver(partial(self._request, database, schema.EVENTS.name), late.splitlines())
        if outcome.why:
            raise outcome.why
        self._set_aside(schema.EVENTS.name, outcome.refused)

    def _set_aside(self, bucket: str, refused: Sequence[Refusal]) -> None:
        if not refused:
            return
        dead_letters.add(self._letters, bucket, refused, self._clock())
        self.figures.refused += len(refused)
        count, first = f"{len(refused):,}", refused[0]
        log.error(
            "%s lines for %s are refused for good and are dead letters now; the first: %r (%s)",
            *(count, bucket, first.line.decode(errors="replace"), first.reason),
        )

    def _request(self, database: Database, bucket: str, lines: bytes, *, gzipped: bool = False) -> None:
        self.figures.requests += 1
        database.write(bucket, lines, gzipped=gzipped)

    def _finished(self, records: list[Record], written: int) -> None:
        self._spool.done(records)
        self._patience.succeeded(records)
        self.figures.written += written
        self.figures.last_written_s = self._clock()
        self._failing.discard(records[0].bucket)
        if not self._failing:
            waiting = self._spool.waiting
            self._outage.over(f"{waiting:,} batches of the spool follow" if waiting else "")

    def _failed(self, records: list[Record], error: Exception) -> None:
        """Nothing of these is done and all is kept."""
        self.figures.failures += 1
        self._patience.failed(records, error, time.monotonic())
        self._failing.add(records[0].bucket)
        kind, colon, detail = str(error).partition(": ")
        self._outage.failed(kind, missed=0, detail=colon + detail)
        if isinstance(error, Forbidden):
            self._disconnect()  # the operator may put another token there

    def _connected(self, bucket: str) -> Database | None:
        if self._database is None:
            reason = "setup has not made its token yet"
            try:
                self._database = self._connect()
            except OSError as error:
                reason = f"its token can't be read: {error.strerror}"
            if self._database is None:
                self._failing.add(bucket)
                self._outage.failed(reason, missed=0)
        return self._database

    def _disconnect(self) -> None:
        if self._database:
            self._database.close()
            self._database = None
