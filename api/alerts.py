"""Receives alerts: known? store, log, answer. Each once, however often and by whatever way it comes.

A notification, the reconciler and the same status come again all end here. An alert that could not be stored is not
logged either: the reconciler brings it again.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence

from api import alert as alerts
from api.alert import Alert
from api.episodes import Episodes
from api.journal import Journal
from api.link import Link
from influx import rules, schema
from influx.judge import Status
from influx.log import utc
from influx.settings import Settings

log = logging.getLogger("coinwatch.alerts")


class Receiver:
    """One process's way in; safe to share between threads."""

    def __init__(self, settings: Settings, link: Link, clock: Callable[[], float] = time.time) -> None:
        self.settings, self.link, self.clock = settings, link, clock
        self.journal = Journal(settings)
        self.episodes = Episodes(settings)

    def receive(self, statuses: Iterable[Status]) -> int:
        """Stores and logs those that are new, and answers how many. Away: the database can't store them now."""
        new = self.journal.unknown(alerts.of(status) for status in statuses)
        if not new:
            return 0
        store(new, self.link)
        in_force = {rule.name: rule for rule in rules.in_force(self.settings)}
        now_s = self.clock()
        return self.journal.log_once(
            new,
            lambda one: write(one, now_s),
            lambda change, logged: self.episodes.take(change, logged, in_force, now_s),
        )


def store(new: Sequence[Alert], link: Link) -> None:
    """Writes them to the alerts bucket; the same one again is the same point. Away: not now."""
    link.write(schema.ALERTS.name, "\n".join(alert.line for alert in new).encode())


def write(alert: Alert, now_s: float) -> None:
    """Logs one."""
    log.warning("%s", alert.message, extra=alert.members | {"logged": utc(now_s, "milliseconds")})
