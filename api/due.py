"""Ticks that are to be judged after the fact: kept on disk, an hour's worth of a check and exchange in a row.

Newest first. What may still grow, while a spool is emptied or candles are filled in, waits until it is quiet.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from api.alert_file import AlertFile
from influx.settings import Settings

SHAPE = """
CREATE TABLE IF NOT EXISTS due (
    chk TEXT, exchange TEXT, hour_s INTEGER, first_s INTEGER NOT NULL, last_s INTEGER NOT NULL,
    noted_s REAL NOT NULL, touched_s REAL NOT NULL, PRIMARY KEY (chk, exchange, hour_s)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reached (name TEXT PRIMARY KEY, time_s REAL NOT NULL) WITHOUT ROWID;
"""
ADD = """
INSERT INTO due VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    first_s = MIN(first_s, excluded.first_s), last_s = MAX(last_s, excluded.last_s), touched_s = excluded.touched_s
"""
NEWEST = """
SELECT chk, exchange, first_s, last_s FROM due WHERE last_s > ? OR touched_s <= ? OR noted_s <= ?
ORDER BY hour_s DESC, last_s DESC LIMIT 1
"""
HOUR_S = 3600
FRESH_S = 600
QUIET_S = 15
LONGEST_S = 300


class Due(Struct, frozen=True):
    """Ticks of one hour, first and last included; exchange is empty where all are meant."""

    check: str
    exchange: str
    first_s: int
    last_s: int


class DueTicks:
    """The ticks of one home that are due, and how far each source of them has been looked through."""

    def __init__(self, settings: Settings) -> None:
        self._file = AlertFile(settings, SHAPE)

    def add(self, due: Iterable[Due], now_s: float) -> None:
        """Adds ticks; what overlaps becomes one."""
        rows = [
            (
                one.check,
                one.exchange,
                hour_s,
                max(one.first_s, hour_s),
                min(one.last_s, hour_s + HOUR_S - 1),
                now_s,
                now_s,
            )
            for one in due
            for hour_s in hours(one.first_s, one.last_s)
        ]
        with self._file.change() as change:
            change.executemany(ADD, rows)

    def newest(self, now_s: float) -> Due | None:
        """What is to be judged next."""
        rows = self._file.rows(NEWEST, [now_s - FRESH_S, now_s - QUIET_S, now_s - LONGEST_S])
        return Due(*rows[0]) if rows else None

    def done(self, due: Due) -> None:
        """It has been judged."""
        with self._file.change() as change:
            hour_s = due.last_s - due.last_s % HOUR_S
            change.execute(
                "DELETE FROM due WHERE chk = ? AND exchange = ? AND hour_s = ?", [due.check, due.exchange, hour_s]
            )

    def reached(self, name: str) -> float | None:
        """How far a source has been looked through, Unix seconds; None if never."""
        rows = self._file.rows("SELECT time_s FROM reached WHERE name = ?", [name])
        return float(rows[0][0]) if rows else None

    def reach(self, name: str, time_s: float) -> None:
        """Notes how far."""
        with self._file.change() as change:
            change.execute("INSERT OR REPLACE INTO reached VALUES (?, ?)", [name, time_s])


def hours(first_s: int, last_s: int) -> Iterator[int]:
    """The starts of the hours that a range touches."""
    yield from range(first_s - first_s % HOUR_S, last_s + 1, HOUR_S)
