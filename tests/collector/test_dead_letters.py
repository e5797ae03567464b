"""Lines that the real influxd refuses, listed and sent again."""

import time
from pathlib import Path

import pytest
from msgspec import Struct

from collector import dead_letters
from collector.dead_letters import LettersFull
from collector.delivery import Refusal
from influx.client import Database

NOW_S = int(time.time())


def refusal(pair: str, value: str, age_s: int = 0) -> Refusal:
    line = f"quote,base=b,exchange={pair},pair={pair},quote=usd price={value} {NOW_S - age_s}000000000"
    return Refusal(line.encode(), "invalid number")


class Row(Struct):
    _value: float


def prices(database: Database, pair: str) -> list[float]:
    text = (
        'from(bucket: "quotes") |> range(start: -2h, stop: 1h) |> filter(fn: (r) => r.pair == params.pair)'
        ' |> group() |> sort(columns: ["_time"])'
    )
    return [row._value for row in database.query(text, Row, {"params": {"pair": pair}})]


class LateRow(Struct):
    exchange: str


def late_of(database: Database, exchange: str) -> int:
    text = (
        'from(bucket: "events") |> range(start: -1h, stop: 1h)'
        ' |> filter(fn: (r) => r._measurement == "late_range" and r._field == "start" and r.exchange == params.name)'
    )
    return len(database.query(text, LateRow, {"params": {"name": exchange}}))


def test_a_letter_says_when_where_why_and_what(tmp_path: Path) -> None:
    one = refusal("told", "x")
    dead_letters.add(tmp_path, "quotes", [one], now_s=0)
    (letter,) = dead_letters.list_letters(tmp_path)
    assert (letter.time, letter.bucket, letter.reason) == ("1970-01-01T00:00:00Z", "quotes", "invalid number")
    assert letter.line.encode() == one.line


def test_letters_are_listed_oldest_first(tmp_path: Path) -> None:
    for number in (3, 1, 2):
        dead_letters.add(tmp_path, "quotes", [refusal(f"p{number}", "x")], now_s=number)
    assert [letter.time[-3:] for letter in dead_letters.list_letters(tmp_path)] == ["01Z", "02Z", "03Z"]


def test_a_batch_that_is_refused_again_is_no_second_letter(tmp_path: Path) -> None:
    for now_s in (1, 2):
        dead_letters.add(tmp_path, "quotes", [refusal("twice", "x")], now_s)
    assert len(dead_letters.list_letters(tmp_path)) == 1


def test_nothing_refused_makes_no_file(tmp_path: Path) -> None:
    dead_letters.add(tmp_path / "none", "quotes", [], now_s=1)
    assert not (tmp_path / "none").exists()
    assert dead_letters.list_letters(tmp_path / "none") == []


def test_at_the_bound_letters_are_not_taken(tmp_path: Path) -> None:
    dead_letters.add(tmp_path, "quotes", [refusal("first", "x")], now_s=1, limit_bytes=100)
    with pytest.raises(LettersFull, match="python -m collector dead-letters"):
        dead_letters.add(tmp_path, "quotes", [refusal("second", "x")], now_s=1, limit_bytes=100)


def test_a_file_that_holds_no_letters_is_named(tmp_path: Path) -> None:
    (tmp_path / "quotes-1.jsonl").write_text("rubbish\n")
    with pytest.raises(ValueError, match=r"quotes-1\.jsonl holds no dead letters"):
        dead_letters.list_letters(tmp_path)


def test_what_the_database_takes_by_now_is_written_and_no_letter_any_longer(tmp_path: Path, operator: Database) -> None:
    dead_letters.add(tmp_path, "quotes", [refusal("retried", "1.5"), refusal("retried", "2.5", age_s=60)], now_s=1)
    outcome = dead_letters.retry(tmp_path, operator, NOW_S)
    assert (outcome.written, outcome.refused, outcome.kept) == (2, [], 0)
    assert dead_letters.list_letters(tmp_path) == []
    assert prices(operator, "retried") == [2.5, 1.5]


def test_what_is_refused_again_stays_with_the_new_reason(tmp_path: Path, operator: Database) -> None:
    dead_letters.add(tmp_path, "quotes", [refusal("half", "1.5"), refusal("half", "oops")], now_s=1)
    outcome = dead_letters.retry(tmp_path, operator, NOW_S)
    assert (outcome.written, len(outcome.refused)) == (1, 1)
    (letter,) = dead_letters.list_letters(tmp_path)
    assert ("oops" in letter.line, letter.reason, letter.time[:4]) == (True, "invalid boolean", time.strftime("%Y"))
    assert dead_letters.retry(tmp_path, operator, NOW_S).written == 0
    assert dead_letters.list_letters(tmp_path) == [letter]


def test_a_database_that_is_away_keeps_every_letter(tmp_path: Path) -> None:
    for pair in ("one", "two"):
        dead_letters.add(tmp_path, "quotes", [refusal(pair, "1.5")], now_s=1)
    database = Database("http://127.0.0.1:1", "coinwatch", "token", timeout_s=1)
    outcome = dead_letters.retry(tmp_path, database, NOW_S)
    database.close()
    assert (outcome.written, outcome.kept, str(outcome.why)[-18:]) == (0, 2, "Connection refused")
    assert len(dead_letters.list_letters(tmp_path)) == 2


def test_a_late_line_that_is_written_at_last_is_told_to_the_alerts(tmp_path: Path, operator: Database) -> None:
    dead_letters.add(tmp_path, "quotes", [refusal("lateletter", "1.5", age_s=3600)], now_s=1)
    dead_letters.retry(tmp_path, operator, NOW_S)
    assert late_of(operator, "lateletter") == 1
