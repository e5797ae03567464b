"""A recording of minute candles: read from files, moved in time, cut into line protocol."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from collector.candle_file import MINUTE_S, BadLine, read
from collector.candle_lines import candle_line, replayed_line
from collector.day_volume import day_volumes
from collector.exchange import Candle
from collector.lines import Market, tags

BATCH = 2500  # candles a request, two lines each
MARGIN_S = 600  # points that would grow too old while they are written


class Recording(Struct):
    """The candles of all files, oldest first, and the rows that are none."""

    candles: list[Candle]
    bad: list[BadLine]


class Batch(Struct, frozen=True):
    """One request's worth: how many minutes, how many of their quotes have 24 h volumes, the line protocol."""

    minutes: int
    with_volume: int
    lines: bytes


def load(files: Sequence[Path]) -> Recording:
    """Reads the files; a minute that stands in two of them is taken from the later one."""
    bad: list[BadLine] = []
    by_minute: dict[int, Candle] = {}
    for path in files:
        for row in read(path):
            if isinstance(row, BadLine):
                bad.append(row)
            else:
                by_minute[row.time_s] = row
    return Recording([by_minute[time_s] for time_s in sorted(by_minute)], bad)


def shifted(candles: Sequence[Candle], now_s: float) -> list[Candle]:
    """The candles moved so that the last one ends with the minute that has just begun."""
    by_s = int(now_s) // MINUTE_S * MINUTE_S - MINUTE_S - candles[-1].time_s
    return [
        Candle(candle.time_s + by_s, candle.open, candle.high, candle.low, candle.close, candle.volume)
        for candle in candles
    ]


def too_old(candles: Sequence[Candle], kept_s: int, now_s: float) -> int:
    """How many of the candles, oldest first, the database would refuse."""
    oldest_s = now_s - kept_s + MARGIN_S if kept_s else 0
    return sum(candle.time_s < oldest_s for candle in candles)


def batches(candles: Sequence[Candle], old: int, exchange: str, market: Market) -> Iterator[Batch]:
    """The candles as requests; the first `old` are not written, they only serve the volumes."""
    series = tags(exchange, market)
    with_volume, lines = 0, []
    for place, (candle, volume) in enumerate(day_volumes(candles)):
        if place < old:
            continue
        with_volume += volume.base is not None
        lines += [candle_line(series, candle), replayed_line(series, candle, volume)]
        if len(lines) == 2 * BATCH or place == len(candles) - 1:
            yield Batch(len(lines) // 2, with_volume, "\n".join(lines).encode())
            with_volume, lines = 0, []
