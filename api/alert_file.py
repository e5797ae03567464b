"""The one file in which all that alerting must not forget is kept: known alerts, work to do, episodes, messages.

SQLite in the home, shared by the API's processes; a transaction is on disk when it ends. Each part has its own tables.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from influx.settings import Settings

WAIT_S = 30


class AlertFile:
    """The file of one home; safe to share between threads and processes."""

    def __init__(self, settings: Settings, shape: str) -> None:
        self.folder = settings.home / "api"
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._database = sqlite3.connect(
            self.folder / "alerts.sqlite", WAIT_S, isolation_level=None, check_same_thread=False
        )
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.executescript(shape)

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._database.close()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """A transaction: whole or not at all."""
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self._lock:
            return self._database.execute(query, values).fetchall()
