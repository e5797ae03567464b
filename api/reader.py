"""The reader: asks the database for each new board once and publishes it for all workers, as files in the home.

One thread of the API's first process. Workers never ask for the board themselves (shelf.py takes up the files), so a
version costs one query however many workers there are. A board that is published stays when the database is away.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct

from api.board import Published, Series
from api.ended_runs import ended_runs
from api.link import Link
from api.problems import Away
from influx import schema
from influx.client import Refused
from influx.jobs import BOARD
from influx.outage import Outage
from influx.settings import Settings

RUNS_BACK = timedelta(minutes=10)
MINUTES_BACK = timedelta(hours=1)
STATES_BACK = timedelta(minutes=30)
"""The collector repeats a state that lasts every 10 minutes."""
BACKFILL_BACK = timedelta(days=7)
EVERY_S = 1.0
STATES_EVERY_S = 5.0
NO_RUN_AFTER_S = 150
"""When no run of the task has shown itself for so long, the board's own rows are asked for their newest minute."""

BOARD_COLUMNS = (*schema.TAGS, "_field", "_value")
COLUMN = {name: len(schema.TAGS) + number for number, name in enumerate(schema.BOARD_FIELDS)}
NO_FIELDS: tuple[None, ...] = (None,) * len(schema.BOARD_FIELDS)

log = logging.getLogger("coinwatch.api")


class ExchangeState(Struct, frozen=True):
    """An exchange as the collector last found it."""

    exchange: str
    time: datetime
    state: str
    reason: str = ""
    until: str = ""


class Backfill(Struct, frozen=True):
    """How far an exchange's candles are filled in, in pairs and minutes."""

    exchange: str
    done: int
    total: int
    healed: int
    lost: int
    failed: int


class Status(Struct, frozen=True):
    """What the reader knows beside the board; `away` says why the database gives no answer."""

    away: str = ""
    states: tuple[ExchangeState, ...] = ()
    backfill: tuple[Backfill, ...] = ()
    boards: int = 0
    read_s: float = 0


NOT_LOOKED = Status(away="the reader has not looked yet")


class Minute(Struct):
    """The answer of queries/board_minute."""

    time: datetime = msgspec.field(name="_time")


class State(Struct):
    """A row of queries/exchange_states."""

    exchange: str
    state: str
    time: datetime = msgspec.field(name="_time")
    reason: str = ""
    until: str = ""


class Filled(Struct):
    """A row of queries/backfill."""

    exchange: str
    done: float = 0
    total: float = 0
    healed: float = 0
    lost: float = 0
    failed: float = 0


def board_path(settings: Settings) -> Path:
    """Where the newest board is published."""
    return settings.home / "api" / "board"


def status_path(settings: Settings) -> Path:
    """Where the reader's status is published."""
    return settings.home / "api" / "status"


def publish(path: Path, value: Struct) -> None:
    """Puts a file in place whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(msgspec.msgpack.encode(value))
    draft.replace(path)


def newest_run(link: Link, now: datetime) -> datetime | None:
    """The minute of the newest run of the board's task that ended well: its board is whole."""
    try:
        runs = ended_runs(link, now - RUNS_BACK)
    except Away as away:
        if isinstance(away.__cause__, Refused):
            return None  # a database that does not show its runs to our token
        raise
    return max((run.scheduled_for for run in runs if run.name == BOARD), default=None)


def newest_rows(link: Link, now: datetime) -> datetime | None:
    """The newest minute that the board has rows of, perhaps not yet all."""
    rows = link.query("board_minute", Minute, {"from": now - MINUTES_BACK})
    return rows[0].time if rows else None


def read_board(link: Link, minute: datetime) -> Published:
    """All rows of one minute's board."""
    after = minute + timedelta(seconds=1)
    rows: dict[tuple[str, ...], list[str | float | None]] = {}
    for row in link.query_lists("board", BOARD_COLUMNS, {"minute": minute, "after": after}):
        *tags, field, value = row
        if field in COLUMN:
            fields = rows.setdefault(tuple(tags), [*tags, *NO_FIELDS])
            fields[COLUMN[field]] = float(value)
    return Published(int(minute.timestamp()), msgspec.convert(list(rows.values()), list[Series]))


def read_states(link: Link, now: datetime) -> tuple[ExchangeState, ...]:
    """The newest state of each exchange."""
    rows = link.query("exchange_states", State, {"from": now - STATES_BACK})
    states = (ExchangeState(row.exchange, row.time, row.state, row.reason, row.until) for row in rows)
    return tuple(sorted(states, key=lambda state: state.exchange))


def read_backfill(link: Link, now: datetime) -> tuple[Backfill, ...]:
    """How far each exchange's candles are filled in."""
    rows = link.query("backfill", Filled, {"from": now - BACKFILL_BACK})
    found = (
        Backfill(row.exchange, int(row.done), int(row.total), int(row.healed), int(row.lost), int(row.failed))
        for row in rows
    )
    return tuple(sorted(found, key=lambda filled: filled.exchange))


class Reader(threading.Thread):
    """Reads and publishes until `stop` is called."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        super().__init__(name="reader", daemon=True)
        self.settings, self.clock = settings, clock
        self.link = Link(settings)
        self.outage = Outage(log, "database", "answers", "boards", "the last board is served", clock)
        self.status = Status()
        self.minute_s, self.whole = 0, False
        self._states_at = 0.0
        self._stopping = threading.Event()

    def run(self) -> None:
        """The loop: a look each second."""
        publish(status_path(self.settings), NOT_LOOKED)
        while not self._stopping.is_set():
            try:
                self.look()
            except Exception:
                log.exception("the reader failed; it goes on")
            self._stopping.wait(EVERY_S)

    def stop(self) -> None:
        """Ends the loop."""
        self._stopping.set()

    def look(self) -> None:
        """Publishes what is new: a board, the exchanges' states, whether the database answers."""
        now = datetime.fromtimestamp(self.clock(), UTC)
        try:
            if not self.whole or self.clock() >= self.minute_s + 60:
                self._look_for_board(now)
            if self.clock() >= self._states_at + STATES_EVERY_S:
                states, backfill = read_states(self.link, now), read_backfill(self.link, now)
                self._states_at = self.clock()
                self._tell(msgspec.structs.replace(self.status, away="", states=states, backfill=backfill))
            self.outage.over()
        except Away as away:
            self.outage.failed(away.detail, missed=0)
            self._tell(msgspec.structs.replace(self.status, away=away.detail))
            self._states_at = 0

    def _look_for_board(self, now: datetime) -> None:
        minute = newest_run(self.link, now)
        whole = minute is not None
        if not whole and self.clock() > self.minute_s + NO_RUN_AFTER_S:
            minute = newest_rows(self.link, now)
        if minute is None or (minute.timestamp(), whole) <= (self.minute_s, self.whole):
            return
        started = time.monotonic()
        self.take(read_board(self.link, minute), whole)
        took_s = time.monotonic() - started
        self._tell(msgspec.structs.replace(self.status, boards=self.status.boards + 1, read_s=took_s))

    def take(self, board: Published, whole: bool) -> None:
        """Publishes a board, unless it is empty: then the last one says more."""
        self.minute_s, self.whole = board.minute_s, whole
        if board.rows:
            publish(board_path(self.settings), board)

    def _tell(self, status: Status) -> None:
        if status != self.status or not status_path(self.settings).exists():
            publish(status_path(self.settings), status)
        self.status = status
