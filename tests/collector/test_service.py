"""`python -m collector run` as a process, into a real influxd."""

import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct

from influx import flux
from influx.client import Database
from influx.settings import Settings
from tests.collector.canned_server import KRAKEN, canned_server
from tests.collector.collector_process import Collector, rows
from tests.eventually import eventually
from tests.exchange_simulator.running import Running, simulator
from tests.ports import free_port

PAIRS = 20


@pytest.fixture(scope="module")
def market() -> Iterator[Running]:
    with simulator(pairs=PAIRS) as running:
        yield running


@pytest.fixture
def home(influxd: Settings, tmp_path: Path) -> Settings:
    """A home of the test's own, with the tokens of the session's influxd."""
    shutil.copytree(influxd.home / "tokens", tmp_path / "tokens")
    return msgspec.structs.replace(influxd, home=tmp_path)


class StateRow(Struct):
    exchange: str
    state: str
    reason: str = ""


def states(operator: Database) -> dict[str, StateRow]:
    """The newest state of each exchange, as the API reads it."""
    text = flux.source("queries/exchange_states")
    since = datetime.fromtimestamp(0).astimezone()
    return {row.exchange: row for row in operator.query(text, StateRow, {"params": {"from": since}})}


def test_quotes_of_all_exchanges_flow_into_the_database(home: Settings, operator: Database, market: Running) -> None:
    with Collector(home, market) as collector:
        eventually(lambda: len(collector.taken()) == 2, "a poll of both exchanges")
        collector.emptied()
        assert collector.stop() == 0
    journal = {(quote.exchange, quote.pair, quote.price) for quote in market.journal()}
    stored = {(row["exchange"], row["pair"], float(row["_value"])) for row in rows(operator, "price")}
    assert {pair for exchange, pair, _ in stored & journal if exchange == "kraken"} >= {"btcusd", "ltcusd", "dogeusd"}
    assert len({(exchange, pair) for exchange, pair, _ in stored & journal}) == 2 * PAIRS


def test_the_states_of_exchanges_can_be_read_from_the_database(
    home: Settings, operator: Database, market: Running
) -> None:
    market.fault("kraken", "451", 60)
    with Collector(home, market) as collector:
        found = eventually(
            lambda: (found := states(operator)).get("kraken", StateRow("", "")).state == "blocked" and found, "states"
        )
        collector.stop()
    market.fault("kraken", "none")
    assert found
    assert found["kraken"].reason == "HTTP 451 Unavailable For Legal Reasons"
    assert found["binance"].state == "ok"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_poll_under_way_is_written_when_it_is_told_to_stop(
    how: signal.Signals, home: Settings, operator: Database, market: Running
) -> None:
    price = 50_000.5 + how  # so that it can be told from the other test's
    answers = {path: body.replace(b"97012.4", str(price).encode()) for path, body in KRAKEN.items()}
    with canned_server(answers, held="/0/public/Ticker") as exchange:
        variables = {"COINWATCH_EXCHANGES": "kraken", "COINWATCH_KRAKEN_URL": exchange.url}
        with Collector(home, market, **variables) as collector:
            exchange.asked.wait()
            collector.tell(how)
            exchange.go_on.set()
            assert collector.ended() == 0
    assert [row["pair"] for row in rows(operator, "price") if float(row["_value"]) == price] == ["btcusd"]


def test_a_second_collector_in_one_home_is_refused(home: Settings, market: Running) -> None:
    with Collector(home, market) as collector:
        eventually(collector.taken, "a poll")
        second = collector_command("run", home)
    assert second.returncode == 1
    assert "belongs to a running collector" in second.stderr


def test_a_telemetry_port_that_is_taken_is_told_and_collecting_goes_on(home: Settings, market: Running) -> None:
    began_s = time.time()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with Collector(home, market, COINWATCH_COLLECTOR_PORT=str(port)) as collector:
            eventually(lambda: market.journal(began_s), "a poll all the same")
            (said,) = collector.said("coinwatch.telemetry")
            assert collector.stop() == 0
    assert f"127.0.0.1:{port}" in said
    assert "COINWATCH_COLLECTOR_PORT" in said


def collector_command(command: str, home: Settings, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": "",
        "COINWATCH_HOME": str(home.home),
        "COINWATCH_COLLECTOR_PORT": str(free_port()),
        **variables,
    }
    return subprocess.run(
        [sys.executable, "-m", "collector", command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
