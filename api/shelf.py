"""The shelf: where a worker finds the newest published board. One look at two files' times when asked."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from api.board import Board, Published
from api.problems import Away
from api.reader import Status, board_path, status_path
from influx.settings import Settings

LOOK_EVERY_S = 0.2
STALE_AFTER_S = 180
"""A board is one minute old at most while all is well; three make it stale whatever the reason."""

Kind = TypeVar("Kind")


class Shelf:
    """The newest board and the reader's status, as far as they are published."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self.settings, self.clock = settings, clock
        self._board = Watched(board_path(settings), Published)
        self._status = Watched(status_path(settings), Status)
        self._looked_at = -LOOK_EVERY_S
        self._arranged: Board | None = None

    def look(self) -> None:
        """Takes up what was published since the last look."""
        if time.monotonic() < self._looked_at + LOOK_EVERY_S:
            return
        self._looked_at = time.monotonic()
        if self._board.look() and self._board.value is not None:
            self._arranged = Board(self._board.value, self.settings.interval)
        self._status.look()

    @property
    def status(self) -> Status:
        """What the reader knows of the database and the exchanges."""
        self.look()
        return self._status.value or Status(away="the reader has not looked yet")

    @property
    def board(self) -> Board | None:
        """The newest board, None when there has never been one."""
        self.look()
        return self._arranged

    def require_board(self) -> Board:
        """The newest board. Away: there is none yet, and why."""
        board = self.board
        if board is None:
            raise Away(
                self.status.away or "there is no board yet: it is made each minute from what the collector wrote"
            )
        return board

    @property
    def stale(self) -> bool:
        """Whether the board is older than it should be, or the database is away."""
        return self.board is None or bool(self.status.away) or self.age_s > STALE_AFTER_S

    @property
    def age_s(self) -> float:
        """How old the board's minute is."""
        return max(0.0, self.clock() - self._arranged.minute_s) if self._arranged else 0.0


class Watched(Generic[Kind]):
    """A published file, decoded anew when it was replaced."""

    def __init__(self, path: Path, kind: type[Kind]) -> None:
        self.path, self.kind = path, kind
        self.value: Kind | None = None
        self._version: tuple[int, int] | None = None

    def look(self) -> bool:
        """Whether there is something new."""
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            return False
        version = stat.st_ino, stat.st_mtime_ns
        if version == self._version:
            return False
        self.value = msgspec.msgpack.decode(self.path.read_bytes(), type=self.kind)
        self._version = version
        return True
