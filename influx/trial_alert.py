"""`python -m influx test-alert`: sends one alert through the whole chain and says at which link it stopped.

The alert is real: an hour of 100 and then a spike, of the pair testusd on the exchange coinwatch-test, which is
removed afterwards. The chain: point, check, notification rule, the API's store, its log, each channel.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from influx import flux, rules, schema
from influx.check import Check, checks
from influx.client import Database
from influx.judge import moment
from influx.rules import Ratio
from influx.settings import Settings

EXCHANGE, PAIR = "coinwatch-test", "testusd"
SERIES = f"{schema.QUOTE},base=test,exchange={EXCHANGE},pair={PAIR},quote=usd"
MINUTE_S = 60
NS = 10**9
USUAL = 100.0
LOOK_S = 0.5
RAISED_S, SENT_S, STORED_S, LOGGED_S, TOLD_S = 30, 30, 60, 10, 60
"""How long each link may take."""


class Stopped(Exception):
    """The alert did not come further; the message says at which link, and where to look."""


class Count(Struct):
    """A row of queries/trail."""

    link: str
    count: int


class Trial:
    """One run."""

    def __init__(self, settings: Settings, database: Database, sleep: Callable[[float], None] = time.sleep) -> None:
        self.settings, self.database, self._sleep = settings, database, sleep
        self.check = self._check()
        assert isinstance(self.check.rule, Ratio)
        self.spike = round(USUAL * self.check.rule.factor * 1.01, 2)
        self.tick_s = (int(time.time()) // settings.interval + 1) * settings.interval
        self._log = settings.home / "logs" / "api.log"
        self._log_size = self._log.stat().st_size if self._log.exists() else 0

    def _check(self) -> Check:
        for check in checks(rules.in_force(self.settings), self.settings):
            rule = check.rule
            if (
                isinstance(rule, Ratio)
                and rule.metric == "price"
                and not (rule.pairs or rule.exchanges or rule.floor or rule.held)
            ):
                return check
        raise Stopped(
            "no rule in force is a ratio of the price without pairs, exchanges, floor and for: none to test by"
        )

    def run(self) -> Iterator[str]:
        """Each link's success in words. Stopped: it did not come further."""
        try:
            self._write()
            yield f"wrote a spike of {self.spike:g} at {datetime.fromtimestamp(self.tick_s, UTC):%H:%M:%S} UTC"
            due_s = self.tick_s - time.time() + self.check.after_s
            self._await(
                "raised",
                due_s + RAISED_S,
                f"the task of the check {self.check.name} raised nothing; see its runs in _tasks",
            )
            yield f"the check {self.check.name} raised a status"
            self._await("sent", SENT_S, f"the notification rule did not reach the API at {self.settings.api_url}")
            yield "the notification rule brought it to the API"
            self._await("stored", STORED_S, f"the API did not store it; see {self._log}")
            yield "the API stored it"
            yield from self._followed()
        finally:
            self._remove()

    def _write(self) -> None:
        hour = [f"{SERIES} price={USUAL} {(self.tick_s - ago * MINUTE_S) * NS}" for ago in range(1, 61)]
        lines = [*hour, f"{SERIES} price={self.spike} {self.tick_s * NS}"]
        self.database.write(schema.QUOTES.name, "\n".join(lines).encode())

    def _await(self, link: str, within_s: float, why: str) -> None:
        params: flux.Options = {"from": moment(self.tick_s - 3600), "exchange": EXCHANGE, "time_ns": self.tick_s * NS}
        ends_s = time.monotonic() + within_s
        while time.monotonic() < ends_s:
            rows = self.database.query(flux.source("queries/trail"), Count, {"params": params})
            if any(row.link == link and row.count > 0 for row in rows):
                return
            self._sleep(LOOK_S)
        raise Stopped(why)

    def _followed(self) -> Iterator[str]:
        """What the API's log shows, where it is on this machine."""
        if not self._log.exists():
            yield f"there is no {self._log} here: look into the log where the API runs"
            return
        self._await_line(f"Alert {self.spike:g} {PAIR}", LOGGED_S, "the API stored it and did not log it")
        yield "the API logged it"
        for entry in self.settings.channels.split():
            name = entry.partition("=")[0]
            self._await_line(f"channel {name}: sent:", TOLD_S, f"channel {name} has not taken it yet; see {self._log}")
            yield f"channel {name} took it"

    def _await_line(self, words: str, within_s: float, why: str) -> None:
        ends_s = time.monotonic() + within_s
        while time.monotonic() < ends_s:
            if words in read_from(self._log, self._log_size):
                return
            self._sleep(LOOK_S)
        raise Stopped(why)

    def _remove(self) -> None:
        body = {
            "start": moment(self.tick_s - 2 * 3600),
            "stop": moment(self.tick_s + 3600),
            "predicate": f'exchange="{EXCHANGE}"',
        }
        for bucket in (schema.QUOTES, schema.BOARD):
            self.database.request("POST", "delete", Any, body, org=self.settings.influx_org, bucket=bucket.name)


def read_from(path: Path, size: int) -> str:
    """What a log holds beyond a size, or all of it when it is a new file."""
    with path.open() as file:
        if path.stat().st_size >= size:
            file.seek(size)
        return file.read()
