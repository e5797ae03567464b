"""How often the ratio rule would have fired on recorded minute candles: writes the table of docs/alerts.md.

    python -m docs.alert_rates FILE...

Files are CSV as `python -m collector replay` reads them, named exchange-pair-date.csv. A minute without a trade
counts as traded 0, a hole of over an hour as not recorded. The rule judges a minute's value against the mean of
the values of the hour before it, as influx/checks do, from 10 values on.
"""

import argparse
import math
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from collector.candle_file import MINUTE_S, BadLine, NoCandleFile, read
from collector.day_volume import HOLE_S, day_volumes
from collector.exchange import Candle

HERE = Path(__file__).parent
PAGE = HERE / "alerts.md"
BEGIN, END = "<!-- alert-rates: written by python -m docs.alert_rates -->", "<!-- end of alert-rates -->"

HOUR_MINUTES = 60
FEWEST_VALUES = 10
RULE_FACTOR = 3
FACTORS = (3, 5, 8, 10, 15, 20, 25, 30, 40, 50)
FLOORS = (0, 10_000, 50_000, 100_000, 500_000)
CHOSEN = (30, 10_000)
METRICS = ("price", "volume", "traded")


class Minute(Struct, frozen=True):
    """A minute's three metrics and its turnover in quote currency; None where it is not known."""

    time_s: int
    price: float
    volume: float | None
    traded: float
    turnover: float


class Judged(Struct, frozen=True):
    """A value over its hour's mean, and the minute's turnover."""

    ratio: float
    turnover: float


class Recording(Struct, frozen=True):
    """One file: what it is called, how many days it holds, and each metric's judged minutes."""

    title: str
    days: float
    judged: dict[str, list[Judged]]

    def a_day(self, metric: str, factor: float, floor: float = 0) -> float:
        """How many minutes a day would have fired."""
        fired = sum(one.ratio > factor and one.turnover >= floor for one in self.judged[metric])
        return fired / self.days


def minutes(candles: Sequence[Candle]) -> Iterator[Minute]:
    """A row a minute: minutes without a trade filled in, holes of over an hour left out."""
    for candle, volume in day_volumes(_without_gaps(candles)):
        turnover = candle.volume * candle.close
        yield Minute(candle.time_s, candle.close, volume.base, candle.volume, turnover)


def _without_gaps(candles: Sequence[Candle]) -> Iterator[Candle]:
    before: Candle | None = None
    for candle in candles:
        if before is not None and candle.time_s - before.time_s <= HOLE_S:
            close = before.close
            for time_s in range(before.time_s + MINUTE_S, candle.time_s, MINUTE_S):
                yield Candle(time_s, close, close, close, close, 0.0)
        yield candle
        before = candle


def judge(rows: Sequence[Minute], metric: str) -> list[Judged]:
    """Each minute whose hour before it holds values enough and has not the mean 0."""
    values: dict[int, float] = {row.time_s: getattr(row, metric) for row in rows if getattr(row, metric) is not None}
    judged = []
    for row in rows:
        hour = range(row.time_s - HOUR_MINUTES * MINUTE_S, row.time_s, MINUTE_S)
        before = [values[time_s] for time_s in hour if time_s in values]
        if row.time_s in values and len(before) >= FEWEST_VALUES and (mean := math.fsum(before) / len(before)) > 0:
            judged.append(Judged(values[row.time_s] / mean, row.turnover))
    return judged


def load(path: Path) -> Recording:
    """A file's recording. NoCandleFile: it can't be read, or holds no candle."""
    candles = sorted((row for row in read(path) if not isinstance(row, BadLine)), key=lambda candle: candle.time_s)
    if not candles:
        raise NoCandleFile(f"{path} holds no candle")
    rows = list(minutes(candles))
    return Recording(
        title=_title(path.stem),
        days=len(rows) * MINUTE_S / 86_400,
        judged={metric: judge(rows, metric) for metric in METRICS},
    )


def _title(stem: str) -> str:
    match = re.fullmatch(r"([a-z]+)-([a-z]+)-(\d{4}-\d{2}-\d{2})", stem)
    return f"{match[1].capitalize()} {match[2]}, from {match[3]}" if match else stem


def table(recordings: Sequence[Recording]) -> str:
    """Both tables and what follows from them, as Markdown."""
    factor, floor = CHOSEN
    firing = _mean(recording.a_day("traded", factor, floor) for recording in recordings)
    unfloored = _mean(recording.a_day("traded", factor) for recording in recordings)
    lines = [
        f"How often a value above {RULE_FACTOR} x the mean of its hour would have fired, in minutes a day:",
        "",
        "| recording of minute candles | days | price | 24 h volume | traded |",
        "| --- | --- | --- | --- | --- |",
        *(_metrics_row(recording) for recording in recordings),
        "",
        "In brackets: the largest ratio of a value to its hour's mean.",
        "",
        "How often `traded` would have fired, in minutes a day: the mean of the recordings (least to most).",
        "The floor is the minute's turnover in quote currency.",
        "",
        "| factor | " + " | ".join(f"floor {floor:,}" for floor in FLOORS) + " |",
        "| --- " * (len(FLOORS) + 1) + "|",
        *(_factor_row(recordings, factor) for factor in FACTORS),
        "",
        f"The default rule for `traded` is therefore {factor} x: {firing:.1f} times a pair a day.",
        f"Its floor of {floor:,} takes {unfloored - firing:.1f} a day off these pairs. It is there for the small ones:",
        f"a minute of {factor} x its mean reaches it where a pair turns over {floor / factor * 1440:,.0f} a day.",
    ]
    return "\n".join(lines)


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return math.fsum(listed) / len(listed)


def _metrics_row(recording: Recording) -> str:
    cells = [
        f"{recording.a_day(metric, RULE_FACTOR):.1f} ({max((one.ratio for one in judged), default=0):.2f} x)"
        for metric, judged in recording.judged.items()
    ]
    return f"| {recording.title} | {recording.days:.1f} | " + " | ".join(cells) + " |"


def _factor_row(recordings: Sequence[Recording], factor: int) -> str:
    cells = []
    for floor in FLOORS:
        rates = [recording.a_day("traded", factor, floor) for recording in recordings]
        cells.append(f"{_mean(rates):.1f} ({min(rates):.1f} to {max(rates):.1f})")
    return f"| {factor} x | " + " | ".join(cells) + " |"


def write(page: Path, text: str) -> None:
    """Puts the text between the page's markers, or at its end when it has none."""
    old = page.read_text() if page.exists() else "# Alerts\n"
    block = f"{BEGIN}\n{text}\n{END}"
    if BEGIN in old:
        before, rest = old.split(BEGIN, 1)
        new = before + block + rest.split(END, 1)[1]
    else:
        new = f"{old.rstrip()}\n\n## How often the 3 x rule fires\n\n{block}\n"
    page.write_text(new)


def main(arguments: Sequence[str] | None = None, page: Path = PAGE) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m docs.alert_rates", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    try:
        text = table([load(path) for path in sorted(parser.parse_args(arguments).files)])
    except NoCandleFile as error:
        print(error, file=sys.stderr)
        return 1
    write(page, text)
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
