"""Conditions: what is wrong now, raised once and told again only when it is over; over restarts too.

Each has a kind and a subject, e.g. `silent exchange` and `kraken`. Both ends are a line in the log and a message.
"""

import logging
import time
from collections.abc import Callable, Mapping

from api import outbox
from api.alert_file import AlertFile
from api.channels import channels
from api.message import Message
from influx.outage import duration
from influx.settings import Settings

SHAPE = (
    outbox.SHAPE
    + """
CREATE TABLE IF NOT EXISTS condition (
    kind TEXT, subject TEXT, since_s REAL NOT NULL, PRIMARY KEY (kind, subject)
) WITHOUT ROWID;
"""
)

log = logging.getLogger("coinwatch.watch")


class Conditions:
    """What is raised in one home. Used by one thread."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self._file = AlertFile(settings, SHAPE)
        self._channels = channels(settings)
        self._link, self._clock = settings.page_url, clock

    def raised(self, kind: str) -> dict[str, float]:
        """The subjects for which a kind is raised, and since when, Unix seconds."""
        return dict(self._file.rows("SELECT subject, since_s FROM condition WHERE kind = ?", [kind]))

    def settle(self, kind: str, now: Mapping[str, str], over: str) -> None:
        """What is so now, each subject with what to say of it: the new ones are raised, all others of the kind end.

        `over` is what is said of an end, e.g. `quotes again`.
        """
        before = self.raised(kind)
        for subject, told in now.items():
            if subject not in before:
                self._begin(kind, subject, told)
        for subject, since_s in before.items():
            if subject not in now:
                self._end(kind, subject, f"{over} after {duration(self._clock() - since_s)}")

    def _begin(self, kind: str, subject: str, told: str) -> None:
        now_s = self._clock()
        with self._file.change() as change:
            change.execute("INSERT INTO condition VALUES (?, ?, ?)", [kind, subject, now_s])
            outbox.put(change, self._channels, Message(f"{subject}: {kind}", told, self._link), now_s)
        log.warning("%s: %s", subject, told, extra={"condition": kind, "raised": True})

    def _end(self, kind: str, subject: str, told: str) -> None:
        with self._file.change() as change:
            change.execute("DELETE FROM condition WHERE kind = ? AND subject = ?", [kind, subject])
            outbox.put(change, self._channels, Message(f"Over: {subject}: {kind}", told, self._link), self._clock())
        log.info("%s: %s", subject, told, extra={"condition": kind, "raised": False})
