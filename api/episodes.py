"""Episodes: values that break a rule one after the other are one story, told at its begin, at new highs, at its end.

The log has every value; people get the story. An episode is over when the rule's cool-down has passed without one.
"""

import sqlite3
from collections.abc import Mapping, Sequence

from api import message, outbox
from api.alert import NS, Alert
from api.alert_file import AlertFile
from api.channels import channels, chosen
from influx.rules import Ratio, Rule
from influx.settings import Settings

SHAPE = (
    outbox.SHAPE
    + """
CREATE TABLE IF NOT EXISTS episode (
    number INTEGER PRIMARY KEY, rule TEXT NOT NULL, exchange TEXT NOT NULL, pair TEXT NOT NULL, metric TEXT NOT NULL,
    began_ns INTEGER NOT NULL, last_ns INTEGER NOT NULL, count INTEGER NOT NULL,
    peak REAL NOT NULL, told REAL NOT NULL, touched_s REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS episode_by_series ON episode (rule, exchange, pair);
"""
)
FIND = """
SELECT number, told FROM episode
WHERE rule = ? AND exchange = ? AND pair = ? AND ? BETWEEN began_ns - ? AND last_ns + ?
"""
ADD = """
INSERT INTO episode (rule, exchange, pair, metric, began_ns, last_ns, count, peak, told, touched_s)
VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?)
"""
JOIN = """
UPDATE episode SET began_ns = MIN(began_ns, ?), last_ns = MAX(last_ns, ?), count = count + 1, peak = MAX(peak, ?),
    told = ?, touched_s = ?
WHERE number = ?
"""
UNKNOWN = Ratio(name="unknown", metric="price", factor=2.0)
"""Stands for a rule that is no longer in force."""


class Episodes:
    """The open episodes of one home."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._file = AlertFile(settings, SHAPE)
        self._channels = channels(settings)

    def take(
        self, change: sqlite3.Connection, alerts: Sequence[Alert], rules: Mapping[str, Rule], now_s: float
    ) -> None:
        """Puts alerts into their episodes and what is to be told into the queue, within a transaction."""
        for alert in sorted(alerts, key=lambda alert: alert.time_ns):
            self._take(change, alert, rules.get(alert.rule, UNKNOWN), now_s)

    def _take(self, change: sqlite3.Connection, alert: Alert, rule: Rule, now_s: float) -> None:
        near_ns = rule.cool_down * NS
        key = [alert.rule, alert.exchange, alert.pair]
        found = change.execute(FIND, [*key, alert.time_ns, near_ns, near_ns]).fetchone()
        distance = alert.distance
        told = None
        if found is None:
            times = [alert.time_ns, alert.time_ns]
            change.execute(ADD, [*key, alert.metric, *times, distance, distance, now_s])
            told = message.first(alert, rule, self._link(alert.pair))
        else:
            number, told_distance = found
            if distance >= told_distance * rule.further and distance > told_distance:
                told, told_distance = message.further(alert, rule, self._link(alert.pair)), distance
            change.execute(JOIN, [alert.time_ns, alert.time_ns, distance, told_distance, now_s, number])
        if told:
            outbox.put(change, chosen(self._channels, rule.channels), told, now_s)

    def close(self, rules: Mapping[str, Rule], now_s: float) -> int:
        """Ends the episodes that have been quiet for their cool-down, and answers how many."""
        with self._file.change() as change:
            rows = change.execute(
                "SELECT number, rule, exchange, pair, began_ns, last_ns, count, peak, touched_s FROM episode"
            ).fetchall()
            ended = 0
            for number, name, exchange, pair, began_ns, last_ns, count, peak, touched_s in rows:
                rule = rules.get(name, UNKNOWN)
                if touched_s + rule.cool_down > now_s:
                    continue
                ended += 1
                change.execute("DELETE FROM episode WHERE number = ?", [number])
                told = message.over(exchange, pair, name, count, (began_ns, last_ns), peak, self._link(pair))
                outbox.put(change, chosen(self._channels, rule.channels), told, now_s)
        return ended

    def _link(self, pair: str) -> str:
        return f"{self._settings.page_url}/#pair={pair}"
