"""The queue of messages on disk, a row a channel: what is in it is sent or reported as undeliverable, whatever dies."""

import sqlite3
from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from api.alert_file import AlertFile
from api.message import Message
from influx.settings import Settings

SHAPE = """
CREATE TABLE IF NOT EXISTS outbox (
    number INTEGER PRIMARY KEY, channel TEXT NOT NULL, message BLOB NOT NULL,
    made_s REAL NOT NULL, due_s REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS outbox_by_channel ON outbox (channel, due_s);
"""
GATHER_S = 5
"""How long a message waits for others, so that many at once become one."""
AGAIN_S, AGAIN_MOST_S = 5, 300
GIVEN_UP_S = 24 * 3600


class Waiting(Struct, frozen=True):
    """A message that waits."""

    number: int
    message: Message
    made_s: float
    tries: int


def put(change: sqlite3.Connection, channels: Iterable[str], message: Message, now_s: float) -> None:
    """Adds a message for each channel, within a transaction."""
    body = msgspec.msgpack.encode(message)
    change.executemany(
        "INSERT INTO outbox (channel, message, made_s, due_s) VALUES (?, ?, ?, ?)",
        [(channel, body, now_s, now_s + GATHER_S) for channel in channels],
    )


class Outbox:
    """The queue of one home."""

    def __init__(self, settings: Settings) -> None:
        self._file = AlertFile(settings, SHAPE)

    def due(self, channel: str, now_s: float) -> list[Waiting]:
        """Everything that waits for a channel once something of it is due, the oldest first."""
        rows = self._file.rows(
            "SELECT number, message, made_s, tries FROM outbox WHERE channel = ?"
            " AND EXISTS (SELECT 1 FROM outbox WHERE channel = ? AND due_s <= ?) ORDER BY number",
            [channel, channel, now_s],
        )
        return [
            Waiting(number, msgspec.msgpack.decode(body, type=Message), made_s, tries)
            for number, body, made_s, tries in rows
        ]

    def remove(self, waiting: Sequence[Waiting]) -> None:
        """They are sent, or given up."""
        with self._file.change() as change:
            change.executemany("DELETE FROM outbox WHERE number = ?", [(one.number,) for one in waiting])

    def postpone(self, waiting: Sequence[Waiting], now_s: float) -> None:
        """They could not be sent: all are tried again, later each time."""
        wait_s = min(AGAIN_MOST_S, AGAIN_S * 2 ** min(10, max(one.tries for one in waiting)))
        with self._file.change() as change:
            change.executemany(
                "UPDATE outbox SET tries = tries + 1, due_s = ? WHERE number = ?",
                [(now_s + wait_s, one.number) for one in waiting],
            )

    def channels(self) -> list[str]:
        """Channels that something waits for, also such as are no longer set."""
        return [name for (name,) in self._file.rows("SELECT DISTINCT channel FROM outbox")]
