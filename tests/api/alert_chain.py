"""The alert chain on the real database with the time handed in: points, the check's file, the reconciler, the log."""

import itertools
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.alerts import Receiver
from api.link import Link
from api.reconcile import Reconciler
from influx import tokens
from influx.check import WRITTEN, Check, checks, text
from influx.client import Database
from influx.judge import moment
from influx.rules import in_force
from influx.settings import Settings

NS = 10**9
MINUTE_S = 60
HOUR_S = 3600
numbers = itertools.count()

Fields = Mapping[str, float | bool]


class Chain:
    """One home's alerts over the session's database; an exchange of its own keeps tests apart."""

    def __init__(self, influxd: Settings, operator: Database, home: Path, caplog: pytest.LogCaptureFixture) -> None:
        shutil.copytree(influxd.home / "tokens", home / "tokens")
        self.settings = msgspec.structs.replace(influxd, home=home)
        self.operator, self._caplog = operator, caplog
        self.now_s = datetime.now(UTC).timestamp()
        self.tick_s = int(self.now_s) - int(self.now_s) % HOUR_S - 2 * HOUR_S
        """A tick whose hours before and after it are past."""
        self.exchange = f"exchange{next(numbers)}"
        link = Link(self.settings, role=tokens.JUDGE)
        self.receiver = Receiver(self.settings, link, lambda: self.now_s)
        self.reconciler = Reconciler(self.settings, link, self.receiver, lambda: self.now_s)

    def quotes(self, times_s: Iterable[int], fields: Fields, *, exchange: str = "", pair: str = "doge/usd") -> None:
        """Writes the same quote at each of the times."""
        self._write("quote", times_s, fields, exchange, pair)

    def candles(self, times_s: Iterable[int], fields: Fields, *, pair: str = "doge/usd") -> None:
        """Writes the same candle at each of the minutes."""
        self._write("candle", times_s, fields, "", pair)

    def _write(self, measurement: str, times_s: Iterable[int], fields: Fields, exchange: str, pair: str) -> None:
        base, quote = pair.split("/")
        tags = f"base={base},exchange={exchange or self.exchange},pair={base}{quote},quote={quote}"
        values = ",".join(f"{name}={written(value)}" for name, value in fields.items())
        lines = [f"{measurement},{tags} {values} {time_s * NS}" for time_s in times_s]
        self.operator.write("quotes", "\n".join(lines).encode())

    def hour(self, values: int = 60) -> range:
        """The newest so many minutes of the hour before the tick."""
        return range(self.tick_s - values * MINUTE_S, self.tick_s, MINUTE_S)

    def check(self, name: str = "price_3x") -> Check:
        """A check of the default rules."""
        return next(one for one in checks(in_force(self.settings), self.settings) if one.name == name)

    def run(self, check: str = "price_3x", tick_s: int | None = None) -> None:
        """Runs the check's own file as the database's task does."""
        one, tick = self.check(check), self.tick_s if tick_s is None else tick_s
        self.operator.query_csv(text(one.params, WRITTEN), {"params": one.params}, now=moment(tick + one.back_s))

    def reconcile(self) -> None:
        """Takes the statuses, and judges whatever is due."""
        self.reconciler.take_statuses()
        self.reconciler.look()
        while self.reconciler.work() is not None:
            pass

    @property
    def records(self) -> list[dict[str, Any]]:
        """What has been logged of this test's exchanges."""
        return [
            vars(record)
            for record in self._caplog.records
            if record.name == "coinwatch.alerts" and vars(record)["exchange"].startswith(self.exchange)
        ]

    @property
    def lines(self) -> list[str]:
        """The messages of these records."""
        return [record["message"] for record in self.records]


def written(value: float | bool) -> str:
    """A field's value in line protocol."""
    return str(value).lower() if isinstance(value, bool) else repr(float(value))
