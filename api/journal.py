"""The journal of alerts: which are known, so that each is logged once by all processes together, over any kill -9.

Whoever logs has the turn (a lock of the file system, gone with its holder) and writes down first what is to be logged
and where the log's file ends. The next turn finds that note when its writer was killed, and counts the alert lines
beyond that place: so many of the batch are out, the others are logged then.

Is: once in logs/api.log, whatever is killed when. Is not: once on the console, which nobody can read back; safe
against a power cut that takes the file's last lines, after which they are missing there, not in the alerts bucket.
"""

import fcntl
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from api.alert import Alert, Identity
from api.alert_file import AlertFile
from api.problems import Away
from influx.settings import Settings

SHAPE = """
CREATE TABLE IF NOT EXISTS known (
    rule TEXT, exchange TEXT, pair TEXT, metric TEXT, time_ns INTEGER,
    PRIMARY KEY (rule, exchange, pair, metric, time_ns)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS known_by_pair ON known (pair, metric, time_ns);
CREATE TABLE IF NOT EXISTS intended (number INTEGER PRIMARY KEY, alert BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS place (inode INTEGER NOT NULL, size INTEGER NOT NULL);
"""
IS_KNOWN = "SELECT 1 FROM known WHERE rule = ? AND exchange = ? AND pair = ? AND metric = ? AND time_ns = ?"
KNOW = "INSERT OR IGNORE INTO known VALUES (?, ?, ?, ?, ?)"
MARKS = (b" coinwatch.alerts Alert ", b'"logger":"coinwatch.alerts"')
"""What an alert's line holds in the log's two forms."""

Noted = Callable[[sqlite3.Connection, Sequence[Alert]], None]


class Place(Struct, frozen=True):
    """Where the log's file ended."""

    inode: int
    size: int


class Journal:
    """The journal of one home; safe to share between threads and processes."""

    def __init__(self, settings: Settings) -> None:
        self._file = AlertFile(settings, SHAPE)
        self._turn = self._file.folder / "alerts.turn"
        self._log = settings.home / "logs" / "api.log"

    def unknown(self, alerts: Iterable[Alert]) -> list[Alert]:
        """Those that have not been logged, each once."""
        found: dict[Identity, Alert] = {alert.identity: alert for alert in alerts}
        return [alert for identity, alert in found.items() if not self._file.rows(IS_KNOWN, identity)]

    def log_once(self, alerts: Sequence[Alert], write: Callable[[Alert], None], noted: Noted) -> int:
        """Writes those that nobody has logged meanwhile, after what a killed process left; answers how many.

        `noted` joins the transaction in which they become known. Away: the log's file did not take them all.
        """
        with self._has_turn():
            logged, left = self._left_over()
            if logged or left:
                self._write(left, write)
                self._done([*logged, *left], noted)
            new = self.unknown(alerts)
            if new:
                self._intend(new)
                self._write(new, write)
                self._done(new, noted)
        return len(new)

    def remember(self, identities: Iterable[Identity]) -> None:
        """Makes alerts known that were logged before this journal began."""
        with self._file.change() as change:
            change.executemany(KNOW, identities)

    def forget(self, before_ns: int) -> None:
        """Drops what is too old to come again."""
        with self._file.change() as change:
            change.execute("DELETE FROM known WHERE time_ns < ?", [before_ns])

    def elsewhere(self, alert: Alert, within_ns: int) -> int:
        """How many other exchanges' alerts of the same pair and metric lie within so much time of it."""
        ((count,),) = self._file.rows(
            "SELECT COUNT(DISTINCT exchange) FROM known"
            " WHERE pair = ? AND metric = ? AND time_ns BETWEEN ? AND ? AND exchange != ?",
            [alert.pair, alert.metric, alert.time_ns - within_ns, alert.time_ns + within_ns, alert.exchange],
        )
        return int(count)

    @contextmanager
    def _has_turn(self) -> Iterator[None]:
        with self._turn.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write(self, alerts: Sequence[Alert], write: Callable[[Alert], None]) -> None:
        """Writes them. Logging swallows what goes wrong, so the file is looked at; where there is none, it is not."""
        place = self._place()
        for alert in alerts:
            write(alert)
        if place.inode and self._lines_since(place) < len(alerts):
            raise Away(f"{self._log} did not take the alerts; is the disk full?")

    def _intend(self, alerts: Sequence[Alert]) -> None:
        place = self._place()
        with self._file.change() as change:
            change.execute("INSERT INTO place VALUES (?, ?)", [place.inode, place.size])
            rows = [(msgspec.msgpack.encode(alert),) for alert in alerts]
            change.executemany("INSERT INTO intended (alert) VALUES (?)", rows)

    def _left_over(self) -> tuple[list[Alert], list[Alert]]:
        """What a killed process had intended: those that it logged, and those that it did not get to."""
        rows = self._file.rows("SELECT alert FROM intended ORDER BY number")
        alerts = [msgspec.msgpack.decode(row[0], type=Alert) for row in rows]
        places = self._file.rows("SELECT inode, size FROM place")
        logged = self._lines_since(Place(*places[0])) if places else 0
        return alerts[:logged], alerts[logged:]

    def _done(self, alerts: Sequence[Alert], noted: Noted) -> None:
        with self._file.change() as change:
            change.executemany(KNOW, [alert.identity for alert in alerts])
            change.execute("DELETE FROM intended")
            change.execute("DELETE FROM place")
            noted(change, alerts)

    def _place(self) -> Place:
        try:
            stat = self._log.stat()
        except FileNotFoundError:
            return Place(0, 0)
        return Place(stat.st_ino, stat.st_size)

    def _lines_since(self, place: Place) -> int:
        """Alert lines beyond a place, also where the file has been moved aside since."""
        beyond = 0
        for path in self._log.parent.glob(f"{self._log.name}*"):
            if path.stat().st_ino == place.inode:
                beyond += _alert_lines(path, place.size)
            elif path == self._log:
                beyond += _alert_lines(path, 0)
        return beyond


def _alert_lines(path: Path, start: int) -> int:
    with path.open("rb") as file:
        file.seek(start)
        return sum(any(mark in line for mark in MARKS) for line in file)
