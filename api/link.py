"""The API's way to the database: there as soon as its token is, renewed when the token is, an Away problem otherwise.

The API must come up and stay up without database and token, and pick both up without a restart.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from api.flux_csv import ChartJson, columns_of
from api.problems import Away
from influx import flux, tokens
from influx.client import Database, Forbidden, Later, NoFlux, Refused
from influx.settings import Settings

Row = TypeVar("Row")

TIMEOUT_S = 20


class Link:
    """The database with the API's token; safe to share between threads."""

    def __init__(
        self,
        settings: Settings,
        queried: Callable[[str, bool, float], None] | None = None,
        role: tokens.Role = tokens.API,
    ) -> None:
        self.settings, self.role = settings, role
        self._queried = queried
        self._lock = threading.Lock()
        self._database: Database | None = None

    def database(self) -> Database:
        """The database. Away: setup has not made our token yet."""
        with self._lock:
            if self._database is None:
                self._database = tokens.connect(self.settings, self.role, TIMEOUT_S)
            if self._database is None:
                raise not_set_up(self.settings)
            return self._database

    def query(self, name: str, row: type[Row], params: flux.Options) -> list[Row]:
        """The rows that queries/NAME.flux gives for these params. Away: no answer, or none for us."""
        with self.timed(name):
            return self.database().query(flux.source(f"queries/{name}"), row, {"params": params})

    @contextmanager
    def asking(self) -> Iterator[Database]:
        """The database, for work of several calls. Away: one of them has failed."""
        try:
            yield self.database()
        except (Later, Forbidden, NoFlux, Refused) as error:
            raise self._away(error) from error

    def write(self, bucket: str, lines: bytes) -> None:
        """Writes line protocol. Away: it is not written."""
        with self.asking() as database:
            database.write(bucket, lines)

    def query_lists(self, name: str, columns: Sequence[str], params: flux.Options) -> Iterator[list[str]]:
        """The texts of these columns, row by row: for answers of many rows. Away: as for query."""
        with self.timed(name):
            answer = self.database().query_csv(flux.source(f"queries/{name}"), {"params": params})
            yield from columns_of(answer, columns)

    def query_json(self, name: str, params: flux.Options) -> bytes:
        """A chart's answer, of _time and _value, as a JSON list of objects with time and value. Away: as for query."""
        made = ChartJson()
        with self.timed(name):
            made.take(self.database().query_csv(flux.source(f"queries/{name}"), {"params": params}))
            return made.json()

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Counts a query and its time. Away: the database did not answer it."""
        started = time.perf_counter()
        answered = False
        try:
            yield
            answered = True
        except (Later, Forbidden, NoFlux, Refused) as error:
            raise self._away(error) from error
        finally:
            if self._queried is not None:
                self._queried(name, answered, time.perf_counter() - started)

    def _away(self, error: Later | Forbidden | NoFlux | Refused) -> Away:
        if isinstance(error, Forbidden):
            self.renew()
        after_s = round(error.after_s) if isinstance(error, Later) else 5
        return Away(f"the database can't answer: {error}", max(1, after_s))

    def renew(self) -> None:
        """Drops the connection, so that the next use reads the token anew."""
        with self._lock:
            if self._database is not None:
                self._database.close()
            self._database = None


def not_set_up(settings: Settings) -> Away:
    """Setup has not made our token yet."""
    return Away(f"the database at {settings.url} has not been set up yet")
