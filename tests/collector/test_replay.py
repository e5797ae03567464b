"""Replay against the real database: what it holds afterwards equals what Python makes of the file."""

import argparse
import csv
import math
import random
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import Struct

from collector import replay
from collector.recording import Batch
from influx import tokens
from influx.client import Database, Later
from influx.settings import Settings

MINUTES = 1500


class Point(Struct):
    _time: str
    _value: float


class Figure(Struct):
    _value: float


@pytest.fixture(scope="module")
def reader(influxd: Settings) -> Iterator[Database]:
    database = tokens.connect(influxd, tokens.GRAFANA)
    assert database is not None
    yield database
    database.close()


def points(database: Database, exchange: str, measurement: str, field: str) -> dict[int, float]:
    """All values of one field by Unix seconds."""
    rows = database.query(
        """from(bucket: "quotes") |> range(start: 0) |> filter(fn: (r) => r._measurement == params.measurement
            and r.exchange == params.exchange and r._field == params.field) |> keep(columns: ["_time", "_value"])""",
        Point,
        {"params": {"exchange": exchange, "measurement": measurement, "field": field}},
    )
    return {int(datetime.fromisoformat(row._time).timestamp()): row._value for row in rows}


def walk(path: Path, first_s: int, minutes: int = MINUTES) -> list[tuple[int, float, float]]:
    """A file of a random walk; gives (time, close, volume) of each row."""
    seeded = random.Random(7)
    price, rows = 354.88, []
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["time", "open", "high", "low", "close", "volume"])
        for minute in range(minutes):
            close = round(price * seeded.uniform(0.99, 1.01), 2)
            volume = round(seeded.lognormvariate(3, 1.5), 8)
            writer.writerow([first_s + 60 * minute, price, max(price, close), min(price, close), close, volume])
            rows.append((first_s + 60 * minute, close, volume))
            price = close
    return rows


def run(settings: Settings, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    replay.options(parser)
    return replay.command(parser.parse_args(arguments), settings)


def minutes_ago(minutes: int) -> int:
    return int(time.time()) // 60 * 60 - 60 * minutes


def test_candles_closes_and_day_volumes_are_in_the_database(
    influxd: Settings, reader: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = walk(tmp_path / "eth.csv", minutes_ago(MINUTES))
    assert run(influxd, str(tmp_path / "eth.csv"), "--exchange", "walk", "--pair", "eth/usd") == 0
    assert f"replayed {MINUTES} minutes of ethusd on walk" in capsys.readouterr().err
    assert points(reader, "walk", "candle", "close") == {time_s: close for time_s, close, _ in rows}
    assert points(reader, "walk", "candle", "volume") == {time_s: volume for time_s, _, volume in rows}
    # The close is the price at the minute's end.
    assert points(reader, "walk", "quote", "price") == {time_s + 60: close for time_s, close, _ in rows}
    expected = {rows[at][0] + 60: math.fsum(row[2] for row in rows[at - 1439 : at + 1]) for at in range(1439, MINUTES)}
    assert points(reader, "walk", "quote", "volume") == expected
    assert len(expected) == 61


@pytest.mark.parametrize("function", ["count", "mean", "stddev", "min", "max", "first", "last"])
def test_statistics_of_the_last_day_equal_pythons(
    influxd: Settings, reader: Database, tmp_path: Path, function: str
) -> None:
    rows = walk(tmp_path / "eth.csv", minutes_ago(MINUTES))
    name = f"stats-{function}"
    assert run(influxd, str(tmp_path / "eth.csv"), "--exchange", name, "--pair", "eth/usd") == 0
    last = datetime.fromtimestamp(rows[-1][0] + 60, UTC)
    closes = [close for _, close, _ in rows[-1440:]]
    own = {
        "count": len(closes),
        "mean": statistics.fmean(closes),
        "stddev": statistics.stdev(closes),
        "min": min(closes),
        "max": max(closes),
        "first": closes[0],
        "last": closes[-1],
    }
    window = {"start": last - timedelta(hours=24, microseconds=-1), "stop": last + timedelta(microseconds=1)}
    found = reader.query(
        f"""from(bucket: "quotes") |> range(start: params.start, stop: params.stop)
            |> filter(fn: (r) => r.exchange == params.exchange and r._measurement == "quote" and r._field == "price")
            |> {function}() |> toFloat()""",
        Figure,
        {"params": {"exchange": name, **window}},
    )
    assert found[0]._value == pytest.approx(own[function], rel=1e-12)


def test_shift_now_lays_the_last_minute_on_the_present_one(influxd: Settings, reader: Database, tmp_path: Path) -> None:
    walk(tmp_path / "old.csv", 1_504_396_800, minutes=5)
    before = minutes_ago(0)
    assert run(influxd, str(tmp_path / "old.csv"), "--exchange", "shift", "--pair", "ethusd", "--shift", "now") == 0
    assert before <= max(points(reader, "shift", "quote", "price")) <= minutes_ago(0)


def test_a_file_that_is_too_old_is_refused_before_writing_with_the_ways_out(
    influxd: Settings, reader: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    walk(tmp_path / "old.csv", minutes_ago(10 * 1440), minutes=5)
    assert run(influxd, str(tmp_path / "old.csv"), "--exchange", "old", "--pair", "ethusd") == 1
    said = capsys.readouterr().err
    assert "5 of 5 minutes are older than the 7 d that quotes are kept" in said
    assert "--shift now" in said
    assert "COINWATCH_RETENTION=12d" in said
    assert points(reader, "old", "candle", "close") == {}


def test_the_part_that_is_too_old_still_counts_in_the_day_volume(
    influxd: Settings, reader: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = walk(tmp_path / "part.csv", minutes_ago(7 * 1440 + 700), minutes=1460)
    assert run(influxd, str(tmp_path / "part.csv"), "--exchange", "part", "--pair", "ethusd") == 0
    assert "of 1460 minutes are older" in capsys.readouterr().err
    volumes = points(reader, "part", "quote", "volume")
    assert volumes[rows[-1][0] + 60] == math.fsum(volume for _, _, volume in rows[-1440:])
    assert len(points(reader, "part", "candle", "close")) == pytest.approx(750, abs=2)


def test_bad_rows_are_named_counted_and_left_out(
    influxd: Settings, reader: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "some.csv"
    walk(path, minutes_ago(10), minutes=5)
    path.write_text(path.read_text() + "yesterday,1,1,1,1,1\n")
    assert run(influxd, str(path), "--exchange", "some", "--pair", "ethusd") == 0
    said = capsys.readouterr().err
    assert f"{path}:7: time is 'yesterday'" in said
    assert "1 rows left out, 5 kept" in said
    assert len(points(reader, "some", "candle", "close")) == 5


def test_the_same_file_twice_makes_the_same_points(influxd: Settings, reader: Database, tmp_path: Path) -> None:
    walk(tmp_path / "twice.csv", minutes_ago(10), minutes=5)
    for _ in range(2):
        assert run(influxd, str(tmp_path / "twice.csv"), "--exchange", "twice", "--pair", "ethusd") == 0
    assert len(points(reader, "twice", "quote", "price")) == 5


def test_two_files_that_overlap_are_one_recording(influxd: Settings, reader: Database, tmp_path: Path) -> None:
    walk(tmp_path / "a.csv", minutes_ago(10), minutes=5)
    walk(tmp_path / "b.csv", minutes_ago(8), minutes=5)
    files = [str(tmp_path / "b.csv"), str(tmp_path / "a.csv")]
    assert run(influxd, *files, "--exchange", "both", "--pair", "ethusd") == 0
    assert len(points(reader, "both", "quote", "price")) == 7


def test_a_joined_name_is_split_as_the_database_knows_it(influxd: Settings, reader: Database, tmp_path: Path) -> None:
    walk(tmp_path / "x.csv", minutes_ago(10), minutes=2)
    assert run(influxd, str(tmp_path / "x.csv"), "--exchange", "split", "--pair", "foo/barx") == 0
    assert run(influxd, str(tmp_path / "x.csv"), "--exchange", "again", "--pair", "foobarx") == 0
    assert len(points(reader, "again", "quote", "price")) == 2


def test_a_pair_that_can_not_be_split_is_wrong_usage(
    influxd: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    walk(tmp_path / "x.csv", minutes_ago(10), minutes=2)
    assert run(influxd, str(tmp_path / "x.csv"), "--exchange", "x", "--pair", "btcxyz") == 2
    assert "write it with a slash, such as doge/usdt" in capsys.readouterr().err


def test_before_setup_it_says_what_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Settings(home=tmp_path), "x.csv", "--exchange", "x", "--pair", "btcusd") == 1
    assert "python -m influx setup" in capsys.readouterr().err


def test_a_database_that_is_away_ends_the_command_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(home=tmp_path, influx_port=1)
    tokens.keep(settings, "collector", "no matter")
    walk(tmp_path / "x.csv", minutes_ago(10), minutes=2)
    assert run(settings, str(tmp_path / "x.csv"), "--exchange", "x", "--pair", "btc/usd") == 1
    assert "no answer from http://127.0.0.1:1" in capsys.readouterr().err


def test_a_write_is_tried_again_as_long_as_the_database_says_later(influxd: Settings) -> None:
    database = Database("http://127.0.0.1:1", influxd.influx_org, "none")
    waits: list[float] = []
    with pytest.raises(Later):
        replay.write(database, Batch(1, 0, b"candle close=1 1"), waits.append)
    database.close()
    assert waits == [1.0] * (replay.TRIES - 1)
