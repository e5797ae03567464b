"""How many days the disk has room for, by how it has filled up in the last day."""

from collections.abc import Mapping
from typing import Protocol

from api.alert_file import AlertFile
from influx.settings import Settings

SHAPE = "CREATE TABLE IF NOT EXISTS disk (time_s REAL PRIMARY KEY, used INTEGER NOT NULL) WITHOUT ROWID;"
DAY_S = 86_400
KEPT_EVERY_S = 600
SHORTEST_S = 6 * 3600
"""Over less than this nothing is foretold."""
FEWEST_DAYS = 7
FULL = 0.95
GB = 10**9


class Usage(Protocol):
    """What shutil.disk_usage answers, in bytes."""

    @property
    def total(self) -> int:
        """All of it."""

    @property
    def used(self) -> int:
        """What is taken."""

    @property
    def free(self) -> int:
        """What is left for us."""


class Disk:
    """The disk of the home."""

    def __init__(self, settings: Settings) -> None:
        self._file = AlertFile(settings, SHAPE)
        self.told: Mapping[str, str] = {}

    def take(self, usage: Usage, now_s: float) -> None:
        """Judges by what is used now and what was a day ago."""
        with self._file.change() as change:
            change.execute("DELETE FROM disk WHERE time_s < ? OR time_s > ?", [now_s - DAY_S, now_s])
            change.execute(
                "INSERT INTO disk SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM disk WHERE time_s > ?)",
                [now_s, usage.used, now_s - KEPT_EVERY_S],
            )
            oldest_s, used = change.execute("SELECT time_s, used FROM disk ORDER BY time_s LIMIT 1").fetchone()
        self.told = {}
        left = f"{usage.free / GB:.1f} GB are left"
        grown, passed_s = usage.used - used, now_s - oldest_s
        if grown > 0 and passed_s >= SHORTEST_S:
            days = usage.free / (grown / passed_s) / DAY_S
            if days < FEWEST_DAYS:
                self.told = {"disk": f"{left}, enough for {days:.1f} days at the pace of the last day"}
        if usage.used > FULL * (usage.used + usage.free):
            self.told = {"disk": left}
