"""Candles from CSV: every good row is kept, every bad one is named by file and line."""

from pathlib import Path

import pytest

from collector.candle_file import BadLine, NoCandleFile, read
from collector.exchange import Candle

HEADER = "time,open,high,low,close,volume"
GOOD = "1504396800,354.88,354.88,354.84,354.84,50.29017734"
CANDLE = Candle(1_504_396_800, 354.88, 354.88, 354.84, 354.84, 50.29017734)


def rows(folder: Path, *lines: str) -> list[Candle | BadLine]:
    path = folder / "candles.csv"
    path.write_text("\n".join(lines))
    return list(read(path))


def test_unix_seconds_and_rfc_3339_mean_the_same(tmp_path: Path) -> None:
    plain, zulu, offset = rows(
        tmp_path,
        HEADER,
        GOOD,
        GOOD.replace("1504396800", "2017-09-03T00:01:00Z"),
        GOOD.replace("1504396800", "2017-09-03T02:02:00+02:00"),
    )
    assert plain == CANDLE
    assert isinstance(zulu, Candle)
    assert isinstance(offset, Candle)
    assert (zulu.time_s, offset.time_s) == (CANDLE.time_s + 60, CANDLE.time_s + 120)


def test_a_file_without_a_header_has_the_usual_order(tmp_path: Path) -> None:
    assert rows(tmp_path, GOOD) == [CANDLE]


def test_a_header_names_the_columns_in_any_order(tmp_path: Path) -> None:
    assert rows(
        tmp_path, "Volume,trades,Close,Low,High,Open,Time", "50.29017734,7,354.84,354.84,354.88,354.88,1504396800"
    ) == [CANDLE]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1504396801,1,1,1,1,1", "is not the start of a minute"),
        ("1504396800000,1,1,1,1,1", "accepted: whole Unix seconds, or RFC 3339"),
        ("2017-09-03T00:00:00,1,1,1,1,1", "accepted: whole Unix seconds, or RFC 3339"),
        ("2017-09-03,1,1,1,1,1", "accepted: whole Unix seconds, or RFC 3339"),
        ("1504396800,1,1,1,1", "has 5 columns; wanted: time, open, high, low, close, volume"),
        ("1504396800,one,1,1,1,1", "open is 'one', which is no number"),
        ("1504396800,nan,1,1,1,1", "open is 'nan'; accepted: a number above 0"),
        ("1504396800,1,inf,1,1,1", "high is 'inf'; accepted: a number above 0"),
        ("1504396800,1,1,0,1,1", "low is '0'; accepted: a number above 0"),
        ("1504396800,1,1,1,1,-1", "volume is '-1'; accepted: a number above 0, or 0"),
        ("1504396800,3,2,1,1,1", "open or close lies outside low 1.0 and high 2.0"),
    ],
)
def test_a_bad_row_is_named_by_file_and_line_and_the_good_ones_are_kept(tmp_path: Path, row: str, reason: str) -> None:
    bad, good = rows(tmp_path, HEADER, row, GOOD)
    assert good == CANDLE
    assert isinstance(bad, BadLine)
    assert str(bad).startswith(f"{tmp_path / 'candles.csv'}:2: ")
    assert reason in str(bad)


def test_a_minute_that_comes_twice_counts_once(tmp_path: Path) -> None:
    first, second = rows(tmp_path, HEADER, GOOD, GOOD)
    assert first == CANDLE
    assert str(second).endswith(":3: the minute 2017-09-03T00:00:00Z stands in the file before")


def test_a_minute_without_trade_is_a_candle_of_volume_0(tmp_path: Path) -> None:
    assert rows(tmp_path, "1504396800,1,1,1,1,0") == [Candle(1_504_396_800, 1, 1, 1, 1, 0)]


def test_a_header_that_lacks_a_column_says_which(tmp_path: Path) -> None:
    with pytest.raises(NoCandleFile, match="has no column low, volume; wanted: time, open, high, low, close, volume"):
        rows(tmp_path, "time,open,high,close", "1,2,3,4")


def test_bytes_that_are_no_text_are_no_candle_file(tmp_path: Path) -> None:
    path = tmp_path / "candles.csv"
    path.write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(NoCandleFile, match=r"candles\.csv can't be read"):
        list(read(path))
