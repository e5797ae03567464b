"""The shelf: where a worker finds the newest published board. It looks at two files, at most 20 times a second."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from api.board import Board, Published
from api.problems import Away
from api.reader import NOT_LOOKED, Status, board_path, status_path
from influx.outage import duration
from influx.settings import Settings

LOOK_EVERY_S = 0.05
STALE_AFTER_S = 180
"""A board is little more than a minute old while all is well; three minutes make it stale whatever the reason."""
DUE_AFTER_S = 72
"""The next board is to be expected so long after the minute of the last: its minute, the task's delay and its work."""

Kind = TypeVar("Kind")


class Shelf:
    """The newest board and the reader's status, as far as they are published."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self.settings, self.clock = settings, clock
        self.version = 0
        """Goes up by one with each board and each turn of the database's availability."""
        self.board: Board | None = None
        self.status = NOT_LOOKED
        self._board = Watched(board_path(settings), Published)
        self._status = Watched(status_path(settings), Status)
        self._look_again = 0.0

    def look(self) -> None:
        """Takes up what was published since the last look."""
        if time.monotonic() < self._look_again:
            return
        self._look_again = time.monotonic() + LOOK_EVERY_S
        published = self._board.look()
        if published is not None:
            self.board = Board(published, self.settings.interval)
            self.version += 1
        status = self._status.look()
        if status is not None:
            self.version += bool(status.away) != bool(self.status.away)
            self.status = status

    def require_board(self) -> Board:
        """The newest board. Away: there is none yet, and why."""
        self.look()
        if self.board is None:
            raise Away(self.status.away or "there is no board yet: each minute it is made of what the collector wrote")
        return self.board

    @property
    def stale_from(self) -> float:
        """The moment from which the board is stale: at once when the database is away."""
        return 0.0 if self.board is None or self.status.away else self.board.minute_s + STALE_AFTER_S

    @property
    def stale(self) -> bool:
        """Whether the board is older than it should be, or the database is away."""
        return self.clock() >= self.stale_from

    @property
    def age_s(self) -> float:
        """How old the board's minute is."""
        return max(0.0, self.clock() - self.board.minute_s) if self.board else 0.0

    @property
    def due_in_s(self) -> int:
        """After how many seconds there should be a new board; 1 where it is late."""
        return max(1, round(DUE_AFTER_S - self.age_s)) if self.board else 1

    @property
    def warning(self) -> str:
        """What a Warning header says of a stale board."""
        reason = self.status.away or "no newer one has been made"
        printable = "".join(character for character in reason if " " <= character <= "~" and character not in '"\\')
        return f'110 coinwatch "the board is {duration(self.age_s)} old: {printable}"'


class Watched(Generic[Kind]):
    """A published file, decoded anew when it was replaced."""

    def __init__(self, path: Path, kind: type[Kind]) -> None:
        self.path, self.kind = path, kind
        self._version: tuple[int, int] | None = None

    def look(self) -> Kind | None:
        """What was published since the last look, None when nothing was or nothing that can be read."""
        try:
            stat = self.path.stat()
            version = stat.st_ino, stat.st_mtime_ns
            if version == self._version:
                return None
            value = msgspec.msgpack.decode(self.path.read_bytes(), type=self.kind)
        except (FileNotFoundError, msgspec.DecodeError):
            return None  # none yet, or one of another release: its reader is about to replace it
        self._version = version
        return value
