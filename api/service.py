"""What an endpoint works with: the settings, the shelf with the newest board, the link to the database, the clock."""

import time
from collections.abc import Callable, Iterable

from api.asking import Asking
from api.kept import Kept
from api.link import Link
from api.problems import Away
from api.shelf import Shelf
from api.telemetry import Telemetry
from influx.settings import Settings


class Service:
    """One worker's tools, handed to every endpoint."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time, routes: Iterable[str] = ()) -> None:
        self.settings, self.clock = settings, clock
        self.shelf = Shelf(settings, clock)
        self.telemetry = Telemetry(self.shelf, routes)
        self.link = Link(settings, self.telemetry.queried)
        self.asking = Asking(self.link)
        self.kept = Kept()
        self.stopping = False
        """Set when the worker is told to end: what lasts must end by itself."""

    def require_database(self) -> Link:
        """The link. Away: the database does not answer, as the reader has found; it looks again each second."""
        self.shelf.look()
        if self.shelf.board is not None and self.shelf.status.away:
            raise Away(self.shelf.status.away)
        return self.link

    def stop(self) -> None:
        """Tells what lasts, such as streams, to end."""
        self.stopping = True
