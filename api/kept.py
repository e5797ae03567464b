"""Answers that are kept until there is a new board, and made once however many ask for them at the same time."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from api.encoded import Encoded

Key = tuple[bytes, bytes, bool]
"""The path and the query string as sent, and whether CSV is wanted."""

MOST_BYTES = 64_000_000
OF_ANY_BOARD = -1


class Entry(NamedTuple):
    """An answer, the board that it is true for, and the moment until when it is."""

    encoded: Encoded
    version: int
    until_s: float
    route: str


class Kept:
    """One worker's answers; the ones unused for longest go first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        self._under_way: dict[tuple[Key, int], asyncio.Task[Encoded]] = {}
        self._bytes, self._most_bytes = 0, most_bytes

    def find(self, key: Key, version: int, now_s: float) -> Entry | None:
        """The answer, if it is still true."""
        entry = self._entries.get(key)
        if entry is None or now_s >= entry.until_s or entry.version not in (version, OF_ANY_BOARD):
            return None
        self._entries.move_to_end(key)
        return entry

    def keep(self, key: Key, entry: Entry) -> None:
        """Keeps an answer in place of what was there."""
        old = self._entries.pop(key, None)
        if old is not None:
            self._bytes -= old.encoded.size
        self._entries[key] = entry
        self._bytes += entry.encoded.size
        while self._bytes > self._most_bytes and self._entries:
            _, gone = self._entries.popitem(last=False)
            self._bytes -= gone.encoded.size

    async def once(self, key: Key, version: int, make: Callable[[], Awaitable[Encoded]]) -> Encoded:
        """What `make` gives; those who ask meanwhile wait for the same."""
        task = self._under_way.get((key, version))
        if task is None:
            task = asyncio.ensure_future(_awaited(make))
            self._under_way[key, version] = task
            task.add_done_callback(lambda done: self._done(key, version, done))
        return await asyncio.shield(task)

    def _done(self, key: Key, version: int, task: asyncio.Task[Encoded]) -> None:
        del self._under_way[key, version]
        if not task.cancelled():
            task.exception()  # looked at, lest asyncio reports it when every client has gone meanwhile


async def _awaited(make: Callable[[], Awaitable[Encoded]]) -> Encoded:
    return await make()
