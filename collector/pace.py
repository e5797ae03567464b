"""At most so many calls a minute, evenly spaced: over restarts, and for all processes that share the file."""

import contextlib
import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path


class Pace:
    """Turns of `per_minute`. A turn that was taken is gone, also if its call was never made."""

    def __init__(self, path: Path, per_minute: float, clock: Callable[[], float] = time.time) -> None:
        self.per_minute = per_minute
        self._path, self._clock = path, clock
        path.parent.mkdir(parents=True, exist_ok=True)

    @property
    def gap_s(self) -> float:
        """The time between two calls."""
        return 60 / self.per_minute

    def take(self) -> float:
        """Takes the next turn and answers in how many seconds it comes."""
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            now_s, last_s = self._clock(), _read(fd)
            # Far ahead can only be a clock that was set back.
            turn_s = now_s if last_s > now_s + 60 + self.gap_s else max(now_s, last_s + self.gap_s)
            os.pwrite(fd, f"{turn_s:020.6f}".encode(), 0)
            return turn_s - now_s
        finally:
            os.close(fd)


def _read(fd: int) -> float:
    with contextlib.suppress(ValueError):  # new, or torn by a power cut
        return float(os.pread(fd, 20, 0))
    return 0.0
