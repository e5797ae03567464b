"""How many requests a minute one client may send, counted over all workers in one small shared file.

Headers: https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-07
"""

import mmap
import os
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from struct import Struct as Layout

from api.encoded import Headers
from api.problems import Problem, TooMany

WINDOW_S = 60
SLOTS = 65_536
SLOT = Layout("<QII")
"""Who, in which minute, how many. Two clients that meet in one slot push each other out, which favours both."""


class Limits:
    """The counters. Workers count without a lock: a lost count among thousands is to the client's favour."""

    def __init__(self, path: Path, per_minute: int, clock: Callable[[], float]) -> None:
        self.per_minute, self.clock = per_minute, clock
        path.parent.mkdir(parents=True, exist_ok=True)
        size = SLOTS * SLOT.size
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(descriptor, size)
            self._shared = mmap.mmap(descriptor, size)
        finally:
            os.close(descriptor)
        self._policy = f"{per_minute};w={WINDOW_S}".encode()

    def close(self) -> None:
        """Lets go of the shared file."""
        self._shared.close()

    def count(self, client: str) -> tuple[Headers, Problem | None]:
        """Counts a request: the headers that tell the client, and the problem when it was one too many."""
        now = self.clock()
        window = int(now // WINDOW_S)
        who = int.from_bytes(blake2b(client.encode(), digest_size=8).digest(), "little")
        offset = who % SLOTS * SLOT.size
        counted_who, counted_window, count = SLOT.unpack_from(self._shared, offset)
        count = min(count + 1, 2**32 - 1) if (counted_who, counted_window) == (who, window) else 1
        SLOT.pack_into(self._shared, offset, who, window, count)
        reset_s = WINDOW_S - int(now) % WINDOW_S
        headers = [
            (b"ratelimit-policy", self._policy),
            (b"ratelimit-limit", b"%d" % self.per_minute),
            (b"ratelimit-remaining", b"%d" % max(0, self.per_minute - count)),
            (b"ratelimit-reset", b"%d" % reset_s),
        ]
        return headers, TooMany(self.per_minute, reset_s) if count > self.per_minute else None
