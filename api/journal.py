"""The journal of alerts: which are known, so that each is logged once by all processes together, over any kill -9.

One SQLite file in the home. Whoever logs has the turn (a lock of the file system, gone with its holder) and writes
down first what is to be logged and where the log's file ends; the next turn finds that note when its writer was
killed, and counts the alert lines beyond that place: so many of the batch are out, the others are logged then.

Is: once in logs/api.log, whatever is killed when. Is not: once on the console, which nobody can read back; safe
against a power cut that takes the file's last lines, after which they are missing there, not in the alerts bucket.
"""

import fcntl
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from api.alert import Alert, Identity
from influx.settings import Settings

SHAPE = """
CREATE TABLE IF NOT EXISTS known (
    rule TEXT, exchange TEXT, pair TEXT, metric TEXT, time_ns INTEGER,
    PRIMARY KEY (rule, exchange, pair, metric, time_ns)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS intended (number INTEGER PRIMARY KEY, alert BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS place (inode INTEGER NOT NULL, size INTEGER NOT NULL);
"""
LOCK_WAIT_S = 30
MARKS = (b" coinwatch.alerts Alert ", b'"logger":"coinwatch.alerts"')
"""What an alert's line holds in the log's two forms."""


class Place(Struct, frozen=True):
    """Where the log's file ended."""

    inode: int
    size: int


class Journal:
    """The journal of one home; safe to share between threads and processes."""

    def __init__(self, settings: Settings) -> None:
        folder = settings.home / "api"
        folder.mkdir(parents=True, exist_ok=True)
        self._lock_file = folder / "alerts.lock"
        self._log_file = settings.home / "logs" / "api.log"
        self._threads = threading.Lock()
        self._database = sqlite3.connect(folder / "alerts.sqlite", LOCK_WAIT_S, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        with self._threads, self._database:
            self._database.executescript(SHAPE)

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: whole or not at all."""
        with self._threads, self._database:
            self._database.execute("BEGIN IMMEDIATE")
            yield self._database

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The right to log, which one thread of all processes has at a time."""
        with self._lock_file.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def unknown(self, alerts: Iterable[Alert]) -> list[Alert]:
        """Those that have not been logged, each once."""
        found: dict[Identity, Alert] = {alert.identity: alert for alert in alerts}
        with self._threads:
            for identity in list(found):
                if self._database.execute(KNOWN, identity).fetchone():
                    del found[identity]
        return list(found.values())

    def intend(self, alerts: Sequence[Alert]) -> None:
        """Notes what is about to be logged, and where the log's file ends."""
        place = self._place()
        with self.changing() as change:
            change.execute("INSERT INTO place VALUES (?, ?)", msgspec.structs.astuple(place))
            change.executemany(
                "INSERT INTO intended (alert) VALUES (?)", [(msgspec.msgpack.encode(alert),) for alert in alerts]
            )

    def left_over(self) -> tuple[list[Alert], list[Alert]]:
        """What a killed process had intended: those that it logged, and those that it did not get to."""
        with self._threads:
            rows = self._database.execute("SELECT alert FROM intended ORDER BY number").fetchall()
            place = self._database.execute("SELECT inode, size FROM place").fetchone()
        alerts = [msgspec.msgpack.decode(row[0], type=Alert) for row in rows]
        logged = self._lines_since(Place(*place)) if place else 0
        return alerts[:logged], alerts[logged:]

    def done(self, change: sqlite3.Connection, alerts: Iterable[Alert]) -> None:
        """Marks them as logged, within a transaction."""
        change.executemany("INSERT OR IGNORE INTO known VALUES (?, ?, ?, ?, ?)", [alert.identity for alert in alerts])
        change.execute("DELETE FROM intended")
        change.execute("DELETE FROM place")

    def _place(self) -> Place:
        try:
            stat = self._log_file.stat()
        except FileNotFoundError:
            return Place(0, 0)
        return Place(stat.st_ino, stat.st_size)

    def _lines_since(self, place: Place) -> int:
        """Alert lines beyond a place, also where the file has been moved aside since."""
        beyond = 0
        for path in self._log_file.parent.glob("api.log*"):
            stat = path.stat()
            if stat.st_ino == place.inode:
                beyond += _alert_lines(path, place.size)
            elif path == self._log_file:
                beyond += _alert_lines(path, 0)
        return beyond


KNOWN = "SELECT 1 FROM known WHERE rule = ? AND exchange = ? AND pair = ? AND metric = ? AND time_ns = ?"


def _alert_lines(path: Path, start: int) -> int:
    with path.open("rb") as file:
        file.seek(start)
        return sum(any(mark in line for mark in MARKS) for line in file)
