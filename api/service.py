"""What an endpoint works with: the settings, the shelf with the newest board, the link to the database, the clock."""

import time
from collections.abc import Callable

from api.link import Link
from api.shelf import Shelf
from influx.settings import Settings


class Service:
    """One worker's tools, handed to every endpoint."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self.settings, self.clock = settings, clock
        self.shelf = Shelf(settings, clock)
        self.link = Link(settings)
