"""How long it takes from a poll's tick to the log line, through all of it: 50 spikes of a simulated exchange.

Simulator, collector, influxd and API are processes of their own, at default settings; ten pairs spike at each of five
ticks. The hour before is written beforehand, each pair at the price of its first poll.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from bench.row import Row
from influx import server, server_process, tokens
from influx.client import Database
from influx.settings import Settings
from influx.stack import Setup
from tests.eventually import eventually
from tests.exchange_simulator.running import simulator
from tests.ports import free_port

EXCHANGE = "kraken"
PAIRS = 200
TICKS = 5
SPIKES_A_TICK = 10
HOUR_MINUTES = 60
BOUND_S, TARGET_S = 30.0, 15.0
NS = 10**9


class Series(Struct):
    """A pair of the first poll."""

    base: str
    pair: str
    quote: str
    price: float = msgspec.field(name="_value")


FIRST = """
from(bucket: "quotes")
    |> range(start: -5m)
    |> filter(fn: (r) => r._measurement == "quote" and r._field == "price")
    |> last()
    |> group()
    |> keep(columns: ["base", "pair", "quote", "_value"])
"""


def rows() -> Iterator[Row]:
    """The distribution."""
    seconds = sorted(delays())
    what = f"spike to log line, {len(seconds)} spikes"
    yield Row(what=f"{what}: median", ours=seconds[len(seconds) // 2], unit="s", most=TARGET_S)
    yield Row(what=f"{what}: 9 in 10", ours=seconds[len(seconds) * 9 // 10], unit="s")
    yield Row(what=f"{what}: slowest", ours=seconds[-1], unit="s", most=BOUND_S)


def delays() -> list[float]:
    """Seconds from each spike's tick to its line."""
    with tempfile.TemporaryDirectory() as home, ExitStack() as stack:
        settings = Settings(home=Path(home), influx_port=free_port(), api_port=free_port(), collector_port=free_port())
        stack.enter_context(server_process.running(server.find_or_build(print), settings))
        Setup(settings).run()
        exchanges = stack.enter_context(simulator(pairs=PAIRS))
        environment = os.environ | {
            "COINWATCH_HOME": home,
            "COINWATCH_INFLUX_PORT": str(settings.influx_port),
            "COINWATCH_API_PORT": str(settings.api_port),
            "COINWATCH_COLLECTOR_PORT": str(settings.collector_port),
            "COINWATCH_EXCHANGES": EXCHANGE,
            f"COINWATCH_{EXCHANGE.upper()}_URL": exchanges.exchange_url(EXCHANGE),
            "COINWATCH_BACKFILL": "0",
            "COINWATCH_LOG_FORMAT": "json",
        }
        stack.enter_context(running("collector", environment, "run"))
        stack.enter_context(running("api", environment))
        token = tokens.read(settings, tokens.OPERATOR) or ""
        database = Database(settings.url, settings.influx_org, token, timeout_s=120)
        series = eventually(lambda: database.query(FIRST, Series), "the first poll", within_s=90)
        write_hour(database, series)
        log = settings.home / "logs" / "api.log"
        for number in range(TICKS):
            for one in series[number * SPIKES_A_TICK : (number + 1) * SPIKES_A_TICK]:
                exchanges.spike(EXCHANGE, one.pair, "price", 5.0)
            expected = (number + 1) * SPIKES_A_TICK
            eventually(lambda expected=expected: len(records(log)) >= expected, f"{expected} lines", 150, 0.5)  # type: ignore[misc] # mypy has no type for a lambda's default
        database.close()
        return [seconds(record["logged"]) - seconds(record["time"]) for record in records(log)]


@contextmanager
def running(module: str, environment: dict[str, str], *arguments: str) -> Iterator[None]:
    """One of our services while the block runs."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


def write_hour(database: Database, series: list[Series]) -> None:
    """Each pair's price in the hour before now."""
    minute_s = int(time.time()) // 60 * 60
    lines = [
        f"quote,base={one.base},exchange={EXCHANGE},pair={one.pair},quote={one.quote}"
        f" price={one.price!r} {(minute_s - ago * 60) * NS}"
        for one in series
        for ago in range(1, HOUR_MINUTES + 1)
    ]
    database.write("quotes", "\n".join(lines).encode())


def records(log: Path) -> list[dict[str, Any]]:
    """The alerts in the log so far."""
    lines = log.read_text().splitlines() if log.exists() else []
    found = [msgspec.json.decode(line, type=dict[str, Any]) for line in lines]
    return [record for record in found if record["logger"] == "coinwatch.alerts"]


def seconds(time_text: str) -> float:
    """RFC 3339 as Unix seconds."""
    return datetime.fromisoformat(time_text).timestamp()
