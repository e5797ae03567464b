"""The collector as a process of its own against simulated exchanges, and what must be stored of what it took."""

import csv
import io
import os
import re
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

from influx import tokens
from influx.client import Database
from influx.settings import Settings
from tests.eventually import eventually
from tests.exchange_simulator.running import Running
from tests.ports import free_port

INTERVAL_S = 5
EXCHANGES = ("binance", "kraken")

Poll = tuple[str, int]
"""An exchange and a tick, Unix seconds."""


class Collector:
    """`python -m collector run` on the home of `settings`; `around` is a command that runs it, such as unshare."""

    def __init__(self, settings: Settings, exchanges: Running, *, around: Sequence[str] = (), **variables: str) -> None:
        self.home = settings.home
        self._port = free_port()
        self.command = [*around, sys.executable, "-m", "collector", "run"]
        self.environment = {
            **os.environ,
            "COINWATCH_HOME": str(settings.home),
            "COINWATCH_INFLUX_PORT": str(settings.influx_port),
            "COINWATCH_COLLECTOR_PORT": str(self._port),
            "COINWATCH_INTERVAL": f"{INTERVAL_S}s",
            "COINWATCH_BACKFILL": "0",
            "COINWATCH_EXCHANGES": ",".join(EXCHANGES),
            **{f"COINWATCH_{name.upper()}_URL": exchanges.exchange_url(name) for name in EXCHANGES},
            **variables,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and does not wait."""
        self._process = subprocess.Popen(
            self.command,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self) -> None:
        """kill -9."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def tell(self, how: signal.Signals) -> None:
        """Sends a signal."""
        assert self._process is not None
        self._process.send_signal(how)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """SIGTERM, or another signal; its exit code."""
        self.tell(how)
        return self.ended()

    def ended(self) -> int:
        """Its exit code, once it has ended."""
        assert self._process is not None
        return self._process.wait(30)

    def figures(self, *names: str) -> list[dict[str, float]]:
        """Each metric's values by exchange, or under "" where it has no label; empty while nothing answers."""
        try:
            text = requests.get(f"http://127.0.0.1:{self._port}/metrics", timeout=5).text
        except (requests.ConnectionError, requests.Timeout):
            text = ""
        found = [re.findall(rf'^{name}(?:{{exchange="(\w+)"}})? (\S+)$', text, re.MULTILINE) for name in names]
        return [{exchange: float(value) for exchange, value in values} for values in found]

    def taken(self) -> set[Poll]:
        """The newest poll of each exchange that is on disk, as the collector says itself."""
        (newest,) = self.figures("coinwatch_newest_quote_timestamp_seconds")
        return {(exchange, int(tick)) for exchange, tick in newest.items() if tick}

    def counted(self) -> dict[str, tuple[int, int]]:
        """By exchange, how many quotes it has put on disk, up to which tick."""
        quotes, newest = self.figures("coinwatch_quotes_total", "coinwatch_newest_quote_timestamp_seconds")
        return {exchange: (int(count), int(newest[exchange])) for exchange, count in quotes.items()}

    def emptied(self) -> None:
        """Waits until nothing waits for the database."""
        eventually(lambda: self.figures("coinwatch_spool_batches") == [{"": 0}], "an empty spool", within_s=60)

    def said(self, logger: str) -> list[str]:
        """The lines that a logger has written."""
        lines = (self.home / "logs" / "collector.log").read_text().splitlines()
        return [line.split(f" {logger} ")[1] for line in lines if f" {logger} " in line]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()


def served(exchanges: Running) -> dict[Poll, dict[str, set[float]]]:
    """By poll, the prices that the simulator served of each pair: several where a poll was done again."""
    polls: dict[Poll, dict[str, set[float]]] = defaultdict(lambda: defaultdict(set))
    for quote in exchanges.journal():
        tick = int(quote.served_at) // INTERVAL_S * INTERVAL_S
        polls[quote.exchange, tick][quote.pair].add(quote.price)
    return polls


def before(poll: Poll) -> Poll:
    """The poll before: on a busy machine it may be answered when the next tick has begun already."""
    return poll[0], poll[1] - INTERVAL_S


def stored(settings: Settings) -> dict[Poll, dict[str, float]]:
    """By poll, the price of each pair that the database has; without those that candles have healed."""
    database = Database(settings.url, settings.influx_org, tokens.read(settings, "operator") or "", "operator", 120)
    prices, healed = rows(database, "price"), rows(database, "healed")
    database.close()
    assert len(prices) == len(set(map(identity, prices))), "doubled"
    left_out = set(map(identity, healed))
    polls: dict[Poll, dict[str, float]] = defaultdict(dict)
    for row in prices:
        if identity(row) not in left_out:
            polls[row["exchange"], seconds(row["_time"])][row["pair"]] = float(row["_value"])
    return polls


def rows(database: Database, field: str) -> list[dict[str, str]]:
    """Every value of a quote's field."""
    text = """
from(bucket: "quotes") |> range(start: -2d, stop: 1h)
    |> filter(fn: (r) => r._measurement == "quote" and r._field == params.field)
    |> group() |> keep(columns: ["_time", "_value", "exchange", "pair"])
"""
    return list(csv.DictReader(io.StringIO(database.query_csv(text, {"params": {"field": field}}).decode())))


def identity(row: dict[str, str]) -> tuple[str, str, str]:
    """What makes a row a point of its own."""
    return row["exchange"], row["pair"], row["_time"]


@cache
def seconds(time: str) -> int:
    """Unix seconds of a time as InfluxDB writes it."""
    return int(datetime.fromisoformat(time).timestamp())


def all_there(taken: Iterable[Poll], settings: Settings, exchanges: Running) -> dict[Poll, dict[str, float]]:
    """Asserts that every poll that was taken is stored whole and that no price was made up; answers what is stored."""
    journal, points = served(exchanges), stored(settings)
    prices_of: dict[Poll, dict[str, set[float]]] = defaultdict(lambda: defaultdict(set))
    for poll, pairs in journal.items():
        for pair, prices in pairs.items():
            prices_of[poll][pair] |= prices
            prices_of[before(poll)][pair] |= prices
    for poll, stored_prices in points.items():
        for pair, price in stored_prices.items():
            assert price in prices_of[poll][pair], f"{poll} {pair}: {price} was never served"
    for poll in taken:
        lacking = journal[poll].keys() - points[poll].keys() - points[before(poll)].keys()
        assert not lacking, f"{poll}: {len(lacking)} of {len(journal[poll])} pairs are lost"
    return points


def all_counted(counted: dict[str, tuple[int, int]], points: dict[Poll, dict[str, float]]) -> None:
    """Asserts that as many quotes are stored as a collector that was never killed has put on disk."""
    for exchange, (count, newest) in counted.items():
        polls = [prices for (name, tick), prices in points.items() if name == exchange and tick <= newest]
        assert sum(map(len, polls)) == count, exchange


def home_of(folder: Path) -> Settings:
    """Settings of a home of the test's own."""
    return Settings(home=folder / "home", influx_port=free_port())
