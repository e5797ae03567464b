"""Minute candles from a CSV file: time, open, high, low, close, volume, each row checked on its own.

`time` is the minute's start, in Unix seconds or RFC 3339; volume is base currency traded in that minute.
With a header the columns may stand in any order and others may stand beside them.
"""

import csv
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from collector.exchange import Candle

COLUMNS = ("time", "open", "high", "low", "close", "volume")
MINUTE_S = 60
NEWEST_S = 4_102_444_800  # the year 2100: a larger number is not in seconds


class NoCandleFile(Exception):
    """The file can't be read as candles at all; the message says what is accepted."""


class BadLine(Struct, frozen=True):
    """A row that is no candle: where it stands and why."""

    path: Path
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}"


def read(path: Path) -> Iterator[Candle | BadLine]:
    """The file's rows in the file's order. NoCandleFile: it can't be opened, or its header lacks a column."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.reader(file)
            yield from _candles(path, ((rows.line_num, row) for row in rows))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NoCandleFile(f"{path} can't be read: {error}") from error


def _candles(path: Path, rows: Iterator[tuple[int, list[str]]]) -> Iterator[Candle | BadLine]:
    places: dict[str, int] | None = None
    seen: set[int] = set()
    for line, row in rows:
        if not row:
            continue
        if places is None:
            places = _places(path, row)
            if row[places["time"]].strip().lower() == "time":
                continue
        try:
            candle = _candle({name: row[place].strip() for name, place in places.items()})
        except IndexError:
            yield BadLine(path, line, f"has {len(row)} columns; wanted: {', '.join(COLUMNS)}")
        except ValueError as error:
            yield BadLine(path, line, str(error))
        else:
            if candle.time_s in seen:
                yield BadLine(path, line, f"the minute {_written(candle.time_s)} stands in the file before")
            else:
                seen.add(candle.time_s)
                yield candle


def _places(path: Path, first: list[str]) -> dict[str, int]:
    """Where each column stands: by the header, or in the order of COLUMNS when the file has none."""
    names = [name.strip().lower() for name in first]
    if "time" not in names:
        return {name: place for place, name in enumerate(COLUMNS)}
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise NoCandleFile(f"{path} has no column {', '.join(missing)}; wanted: {', '.join(COLUMNS)}")
    return {name: names.index(name) for name in COLUMNS}


def _candle(row: Mapping[str, str]) -> Candle:
    time_s = read_time(row["time"])
    if time_s % MINUTE_S:
        raise ValueError(f"time {row['time']!r} is not the start of a minute")
    numbers = {name: _number(name, row[name]) for name in COLUMNS[1:]}
    low, high = numbers["low"], numbers["high"]
    if min(numbers["open"], numbers["close"]) < low or max(numbers["open"], numbers["close"]) > high:
        raise ValueError(f"open or close lies outside low {low!r} and high {high!r}")
    return Candle(time_s, **numbers)


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{name} is {text!r}, which is no number") from None
    if not math.isfinite(value) or value < 0 or (value == 0 and name != "volume"):
        raise ValueError(f"{name} is {text!r}; accepted: a number above 0" + (", or 0" if name == "volume" else ""))
    return value


def read_time(text: str) -> int:
    """Unix seconds of a time in Unix seconds or RFC 3339. ValueError says what is accepted."""
    try:
        moment = float(text)
    except ValueError:
        return _rfc3339(text)
    if moment != int(moment) or not 0 <= moment < NEWEST_S:
        raise ValueError(f"time is {text!r}; accepted: whole Unix seconds, or RFC 3339 such as 2026-11-24T08:00:00Z")
    return int(moment)


def _rfc3339(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min
    if moment.tzinfo is None or moment.microsecond:
        raise ValueError(f"time is {text!r}; accepted: whole Unix seconds, or RFC 3339 such as 2026-11-24T08:00:00Z")
    return int(moment.timestamp())


def _written(time_s: int) -> str:
    return datetime.fromtimestamp(time_s, UTC).isoformat().replace("+00:00", "Z")
