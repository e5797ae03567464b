"""Windows of open, high, low, close and volume, put together from pieces of three buckets.

A window has two tellings: the exchange's own candles, and our quotes of it (which know no traded volume).
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from api.board import Series
from api.chart import Part, moment, parts
from api.link import Link
from api.problems import Contradiction
from api.span import DAY_S, HOUR_S, MINUTE_S, WEEK_S, Span, finest_s
from api.zone import offset_s, stretches, window_start
from influx import flux, schema
from influx.settings import Settings

Kind = Literal["candles", "quotes"]
PREFIX: dict[Kind, str] = {"candles": "candle_", "quotes": "quote_"}
COLUMNS = ("name", "_time", "_value")
ROW_S = {schema.QUOTES.name: MINUTE_S, schema.HOURLY.name: HOUR_S, schema.DAILY.name: DAY_S}
"""What one row of a bucket's candles stands for."""


class Telling(Struct):
    """A window as one kind tells it; `covered_s` is how much of it there is."""

    open: float
    high: float
    low: float
    close: float
    volume: float
    covered_s: float

    def add(self, later: "Telling") -> None:
        """Takes in a later piece."""
        self.high, self.low = max(self.high, later.high), min(self.low, later.low)
        self.close = later.close
        self.volume += later.volume
        self.covered_s += later.covered_s


Windows = dict[int, dict[Kind, Telling]]
"""By their start in Unix seconds, in order."""


def read(link: Link, series: Series, span: Span, tz: ZoneInfo, minute_s: int, settings: Settings) -> Windows:
    """A series' windows on the clock of `tz`. Contradiction: only hours are left, and these do not fit."""
    found: Windows = {}
    step_s = DAY_S if span.every_s == WEEK_S else span.every_s
    for start_s, stop_s in stretches(span.start_s, min(span.stop_s, minute_s + 1), tz):
        offset = offset_s(start_s, tz)
        if offset % HOUR_S and finest_s(start_s, minute_s, settings) > MINUTE_S:
            days = settings.retention // DAY_S
            raise Contradiction(f"{tz.key} is no whole hours from UTC; accepted for it: the last {days} days")
        for part in parts(Span(start_s, stop_s, span.every_s), minute_s, _fitting_s(step_s, offset)):
            for piece_s, kind, piece in _pieces(link, series, part, step_s, -offset % step_s, settings.interval):
                window = found.setdefault(window_start(piece_s, span.every_s, tz), {})
                if kind in window:
                    window[kind].add(piece)
                else:
                    window[kind] = piece
    return dict(sorted(found.items()))


def _fitting_s(step_s: int, offset: int) -> int:
    """The longest rows that a step can be put together from: days in UTC only, hours where whole hours are between."""
    if offset % HOUR_S:
        return min(step_s, MINUTE_S)
    return min(step_s, HOUR_S) if offset else step_s


def _pieces(
    link: Link, series: Series, part: Part, step_s: int, offset: int, interval_s: int
) -> Iterator[tuple[int, Kind, Telling]]:
    raw = part.bucket == schema.QUOTES.name
    params: flux.Options = {
        "bucket": part.bucket,
        "exchange": series.exchange,
        "pair": series.pair,
        "from": moment(part.start_s),
        "to": moment(part.stop_s),
        "every": timedelta(seconds=step_s),
        "offset": timedelta(seconds=offset),
    }
    figures: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for name, time, value in link.query_lists("candles" if raw else "candles_rolled_up", COLUMNS, params):
        figures[time][name] = float(value)
    for time, of_window in sorted(figures.items()):
        start_s = int(datetime.fromisoformat(time).timestamp())
        for kind, prefix in PREFIX.items():
            row_s = ROW_S[part.bucket] if kind == "candles" else interval_s
            if prefix + "open" in of_window:
                yield start_s, kind, _telling(of_window, prefix, row_s)


def _telling(figures: dict[str, float], prefix: str, row_s: int) -> Telling:
    return Telling(
        open=figures[prefix + "open"],
        high=figures[prefix + "high"],
        low=figures[prefix + "low"],
        close=figures[prefix + "close"],
        volume=figures.get(prefix + "volume", 0.0),
        covered_s=figures[prefix + "count"] * row_s,
    )
