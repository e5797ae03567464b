"""Receives alerts: known? store, log, answer. Each once, however often and by whatever way it comes.

A notification, the reconciler and the same status come again all end here.
"""

import logging
from collections.abc import Sequence

from api.alert import Alert
from api.journal import Journal
from influx import schema
from influx.client import Database
from influx.log import utc

log = logging.getLogger("coinwatch.alerts")


def receive(alerts: Sequence[Alert], journal: Journal, database: Database) -> int:
    """Stores and logs those that are new and answers how many they are. DatabaseError: not stored, so not logged."""
    new = journal.unknown(alerts)
    if new:
        store(new, database)
        return log_once(new, journal)
    return 0


def store(alerts: Sequence[Alert], database: Database) -> None:
    """Writes them to the alerts bucket; the same one again is the same point."""
    database.write(schema.ALERTS.name, "\n".join(alert.line for alert in alerts).encode())


def log_once(alerts: Sequence[Alert], journal: Journal) -> int:
    """Logs those that no other process has logged meanwhile, after what a killed one left."""
    with journal.turn():
        logged, left = journal.left_over()
        if logged or left:
            _log(left)
            _note(logged + left, journal)
        new = journal.unknown(alerts)
        if new:
            journal.intend(new)
            _log(new)
            _note(new, journal)
    return len(new)


def _log(alerts: Sequence[Alert]) -> None:
    for alert in alerts:
        log.warning("%s", alert.message, extra=members(alert))


def members(alert: Alert) -> dict[str, object]:
    """What the record holds beside its message."""
    return {
        "exchange": alert.exchange,
        "pair": alert.pair,
        "metric": alert.metric,
        "value": alert.value,
        "mean": alert.mean,
        "ratio": alert.ratio,
        "rule": alert.rule,
        "time": utc(alert.time_ns // 10**9, "seconds"),
        "late": alert.late,
    }


def _note(alerts: Sequence[Alert], journal: Journal) -> None:
    with journal.changing() as change:
        journal.done(change, alerts)
