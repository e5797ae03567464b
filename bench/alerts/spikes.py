"""How long it takes from a poll's tick to the log line, through all of it: 50 spikes of a simulated exchange.

Simulator, collector, influxd and API are processes of their own, at default settings; ten pairs spike at each of five
ticks. The hour before is written beforehand, each pair at the price of its first poll. Then 30 more spike while the API
judges again five days of ticks that were told as late just before, and of which each tenth has a spike.
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

from api.due import DueTicks
from bench.row import Row
from collector.late import late_lines
from influx import server, server_process, tokens
from influx.client import Database
from influx.settings import Settings
from influx.stack import Setup
from tests.eventually import eventually
from tests.exchange_simulator.running import simulator
from tests.ports import free_port

EXCHANGE = "kraken"
PAIRS = 200
TICKS, TICKS_CATCHING_UP = 5, 3
SPIKES_A_TICK = 10
HOUR_MINUTES = 60
LATE_HOURS = 120
LATE_SPIKE_MINUTES = 10
TELL_S = 25  # before a tick; what is told as late is judged once it has been quiet for 15 s
SLOWER = 1.25
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
    """The distribution, and how much later the lines come while much is caught up."""
    found = delays()
    plain, catching_up = sorted(found[: TICKS * SPIKES_A_TICK]), sorted(found[TICKS * SPIKES_A_TICK :])
    what, median = f"spike to log line, {len(plain)} spikes", plain[len(plain) // 2]
    yield Row(what=f"{what}: median", ours=median, unit="s", most=TARGET_S)
    yield Row(what=f"{what}: 9 in 10", ours=plain[len(plain) * 9 // 10], unit="s")
    yield Row(what=f"{what}: slowest", ours=plain[-1], unit="s", most=BOUND_S)
    what = f"the same of {len(catching_up)} while {LATE_HOURS} hours are caught up"
    yield Row(
        what=f"{what}: median",
        ours=catching_up[len(catching_up) // 2],
        unit="s",
        peer=median,
        peer_name="nothing to catch up",
        most=SLOWER,
    )
    yield Row(what=f"{what}: slowest", ours=catching_up[-1], unit="s", most=BOUND_S)


def delays() -> list[float]:
    """Seconds from each spike's tick to its line, in the order of the lines."""
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
        write(database, series, range(1, HOUR_MINUTES + 1))
        write(database, series, range(HOUR_MINUTES + 1, LATE_HOURS * 60))
        spiking = [msgspec.structs.replace(series[-1], price=series[-1].price * 5)]
        write(database, spiking, range(HOUR_MINUTES + LATE_SPIKE_MINUTES, LATE_HOURS * 60, LATE_SPIKE_MINUTES))
        log = settings.home / "logs" / "api.log"
        for number in range(TICKS + TICKS_CATCHING_UP):
            if number >= TICKS:
                time.sleep(settings.interval - (time.time() + TELL_S) % settings.interval)
                tell_late(database)
            for one in series[number * SPIKES_A_TICK : (number + 1) * SPIKES_A_TICK]:
                exchanges.spike(EXCHANGE, one.pair, "price", 5.0)
            expected = (number + 1) * SPIKES_A_TICK
            eventually(lambda expected=expected: len(records(log)) >= expected, f"{expected} lines", 150, 0.5)  # type: ignore[misc] # mypy has no type for a lambda's default
            assert number < TICKS or is_catching_up(settings), "all was caught up before the spike's line"
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


def write(database: Database, series: list[Series], minutes_ago: range) -> None:
    """Each pair's price at these minutes before now."""
    minute_s = int(time.time()) // 60 * 60
    for ago in minutes_ago:
        lines = [
            f"quote,base={one.base},exchange={EXCHANGE},pair={one.pair},quote={one.quote}"
            f" price={one.price!r} {(minute_s - ago * 60) * NS}"
            for one in series
        ]
        database.write("quotes", "\n".join(lines).encode())


def tell_late(database: Database) -> None:
    """Tells days of ticks as late, as the collector would."""
    now_s = time.time()
    minutes = (HOUR_MINUTES + 1, LATE_HOURS * 60)
    lines = "\n".join(f"quote,exchange={EXCHANGE} price=1 {int(now_s - 60 * ago) * NS}" for ago in minutes)
    database.write("events", late_lines(lines.encode(), now_s))


def is_catching_up(settings: Settings) -> bool:
    """Whether ticks are due to be judged again."""
    return DueTicks(settings).newest(time.time()) is not None


def records(log: Path) -> list[dict[str, Any]]:
    """The alerts of newest ticks in the log so far."""
    lines = log.read_text().splitlines() if log.exists() else []
    found = [msgspec.json.decode(line, type=dict[str, Any]) for line in lines]
    return [record for record in found if record["logger"] == "coinwatch.alerts" and not record["late"]]


def seconds(time_text: str) -> float:
    """RFC 3339 as Unix seconds."""
    return datetime.fromisoformat(time_text).timestamp()
