"""python -m collector from outside: help, exit codes, tables."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector import kept_file
from collector.__main__ import COMMANDS
from collector.state import State
from tests.exchange_simulator.running import Running, simulator

PAIRS = 20


@pytest.fixture(scope="module")
def market() -> Iterator[Running]:
    with simulator(pairs=PAIRS) as running:
        yield running


def collector(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "collector", *words],
        env={**os.environ, "COLUMNS": "200", **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def at(market: Running, home: Path) -> dict[str, str]:
    """Variables for two exchanges of the simulator."""
    urls = {f"COINWATCH_{name.upper()}_URL": market.exchange_url(name) for name in ("kraken", "binance")}
    return {"COINWATCH_HOME": str(home), "COINWATCH_EXCHANGES": "kraken,binance", "COINWATCH_INTERVAL": "5s", **urls}


def row(table: str, exchange: str) -> list[str]:
    """The cells of an exchange's row."""
    (line,) = [line for line in table.splitlines() if line.strip("│ ").startswith(exchange)]
    return [cell.strip() for cell in line.strip("│").split("│")]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_help(command: str) -> None:
    shown = collector(command, "--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert f"usage: python -m collector {command}" in shown.stdout


def test_the_list_of_commands_says_what_each_does() -> None:
    shown = " ".join(collector("--help").stdout.split())
    assert "run poll all exchanges at every tick" in shown
    assert "once ask every exchange once and show what it gives" in shown
    assert "exchanges every exchange's address, limit, documents" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["collect"], "invalid choice: 'collect'"),
        (["run", "--shard", "3/2"], "'3/2' is no part; accepted: 1/1, 1/2, 2/2"),
    ],
)
def test_wrong_usage_is_told_on_stderr_with_2(words: list[str], said: str) -> None:
    ended = collector(*words)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert said in ended.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("COINWATCH_EXCHANGES", "karken", "did you mean kraken?"),
        ("COINWATCH_KRACKEN_URL", "http://127.0.0.1:1", "did you mean kraken?"),
        ("COINWATCH_INTERVAL", "2s", "accepted: 5s to 60s"),
    ],
)
@pytest.mark.parametrize("command", ["run", "once", "exchanges"])
def test_a_setting_that_is_none_is_told_with_what_is_accepted(
    command: str, name: str, value: str, said: str, tmp_path: Path
) -> None:
    ended = collector(command, COINWATCH_HOME=str(tmp_path), **{name: value})
    assert (ended.returncode, ended.stdout) == (2, "")
    assert name in ended.stderr
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_once_shows_what_each_exchange_gives_and_stores_nothing(market: Running, tmp_path: Path) -> None:
    shown = collector("once", **at(market, tmp_path))
    assert shown.returncode == 0
    assert row(shown.stdout, "kraken")[:5] == ["kraken", "ok", "20", "20", "0"]
    assert row(shown.stdout, "binance")[:5] == ["binance", "ok", "20", "20", "0"]
    assert list(tmp_path.iterdir()) == []


def test_once_ends_with_1_when_there_are_no_quotes_at_all(market: Running, tmp_path: Path) -> None:
    market.fault("kraken", "html", 60)
    shown = collector("once", **{**at(market, tmp_path), "COINWATCH_EXCHANGES": "kraken"})
    market.fault("kraken", "none")
    assert shown.returncode == 1
    assert row(shown.stdout, "kraken")[1] == "changed"


def test_once_leaves_a_banned_exchange_alone(market: Running, tmp_path: Path) -> None:
    (tmp_path / "exchanges").mkdir()
    kept_file.keep(tmp_path / "exchanges" / "kraken.state.json", State("banned", "HTTP 418", 4e9))
    shown = collector("once", **at(market, tmp_path))
    assert row(shown.stdout, "kraken")[1:4] == ["banned", "0", "0"]


def test_a_ban_that_once_met_is_kept_for_the_collector(market: Running, tmp_path: Path) -> None:
    market.fault("kraken", "418", 60)
    collector("once", **at(market, tmp_path))
    market.fault("kraken", "none")
    kept = kept_file.read(tmp_path / "exchanges" / "kraken.state.json", State)
    assert kept is not None
    assert kept.name == "banned"


def test_exchanges_shows_where_each_is_asked_and_how_it_stands(market: Running, tmp_path: Path) -> None:
    (tmp_path / "exchanges").mkdir()
    kept_file.keep(tmp_path / "exchanges" / "kraken.state.json", State("blocked", "HTTP 451"))
    shown = collector("exchanges", **at(market, tmp_path))
    assert shown.returncode == 0
    assert row(shown.stdout, "kraken")[1] == "blocked: HTTP 451"
    assert row(shown.stdout, "binance")[1] == "not asked yet"
    assert row(shown.stdout, "okx")[1] == "not collected"
    assert market.exchange_url("kraken") in shown.stdout
    assert "https://docs.kraken.com/api/" in shown.stdout
