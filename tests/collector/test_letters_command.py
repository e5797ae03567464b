"""python -m collector dead-letters."""

import shutil
import time
from pathlib import Path

import msgspec
import pytest

from collector import dead_letters
from collector.__main__ import main
from collector.delivery import Refusal
from influx.settings import Settings
from tests.ports import free_port

GOOD = f"quote,base=a,exchange=letters,pair=ausd,quote=usd price=1.5 {time.time_ns()}".encode()
BAD = GOOD.replace(b"1.5", b"oops")


@pytest.fixture
def home(influxd: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The command's settings: a home of the test's own, the session's influxd."""
    shutil.copytree(influxd.home / "tokens", tmp_path / "tokens")
    monkeypatch.setenv("COINWATCH_HOME", str(tmp_path))
    monkeypatch.setenv("COINWATCH_INFLUX_PORT", str(influxd.influx_port))
    monkeypatch.setenv("COLUMNS", "200")
    return msgspec.structs.replace(influxd, home=tmp_path)


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["collector", "dead-letters", *words])
    return main()


def keep(home: Settings, *lines: bytes) -> None:
    refusals = [Refusal(line, "field type conflict") for line in lines]
    dead_letters.add(dead_letters.folder(home), "quotes", refusals, 1_795_521_840)


def test_letters_are_listed_with_the_servers_reason(
    home: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(home, GOOD)
    assert run(monkeypatch) == 0
    shown = capsys.readouterr().out
    assert "2026-11-24T12:04:00Z │ quotes │ field type conflict │ quote,base=a" in shown
    assert "1 dead letters in " in shown


def test_no_letters_are_said_to_be_none(
    home: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch) == 0
    assert capsys.readouterr().out.startswith("0 dead letters in ")


def test_what_is_written_at_last_is_gone_and_what_is_refused_again_stays(
    home: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(home, GOOD, BAD)
    assert run(monkeypatch, "--retry") == 1
    assert capsys.readouterr().out == "1 written, 1 refused again, 0 kept\n"
    assert len(dead_letters.list_letters(dead_letters.folder(home))) == 1


def test_all_written_is_a_success(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(home, GOOD)
    assert run(monkeypatch, "--retry") == 0
    assert dead_letters.list_letters(dead_letters.folder(home)) == []


def test_a_database_that_is_away_keeps_them_and_is_told(
    home: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(home, GOOD)
    monkeypatch.setenv("COINWATCH_INFLUX_PORT", str(free_port()))
    assert run(monkeypatch, "--retry") == 1
    shown = capsys.readouterr()
    assert shown.out == "0 written, 0 refused again, 1 kept\n"
    assert "Connection refused" in shown.err


def test_without_a_token_it_says_what_makes_one(
    home: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(home.home / "tokens")
    assert run(monkeypatch, "--retry") == 1
    assert "python -m influx setup" in capsys.readouterr().err


def test_a_file_that_holds_no_letters_is_named(
    home: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dead_letters.folder(home).mkdir()
    (dead_letters.folder(home) / "quotes-1.jsonl").write_text("rubbish\n")
    assert run(monkeypatch) == 1
    assert "quotes-1.jsonl holds no dead letters" in capsys.readouterr().err
