"""Windows of open, high, low, close and volume, put together from pieces of three buckets.

What a piece is told by is decided in api/telling.py, each piece for itself.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from api.board import Series
from api.chart import Part, moment, parts, unix_s
from api.link import Link
from api.problems import Contradiction
from api.span import DAY_S, HOUR_S, MINUTE_S, WEEK_S, Span, finest_s
from api.telling import Figures, Rows, Telling, is_partly_known, tell
from api.zone import offset_s, stretches, window_start
from influx import flux, schema
from influx.settings import Settings

COLUMNS = ("name", "_time", "_value")
ROW_S = {schema.QUOTES.name: MINUTE_S, schema.HOURLY.name: HOUR_S, schema.DAILY.name: DAY_S}
"""What one row of a bucket's candles stands for."""

Windows = dict[int, Telling]
"""By their start in Unix seconds, in order."""


class Steps(Struct, frozen=True):
    """Equal steps of time, moved by `offset_s` against those of Unix time."""

    length_s: int
    offset_s: int

    def start_s(self, time_s: int) -> int:
        """The start of the step that holds a moment."""
        return time_s - (time_s - self.offset_s) % self.length_s


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
            for piece_s, piece in _pieces(link, series, part, Steps(step_s, -offset % step_s), settings.interval):
                start_of_window_s = window_start(piece_s, span.every_s, tz)
                if start_of_window_s in found:
                    found[start_of_window_s].add(piece)
                else:
                    found[start_of_window_s] = piece
    return dict(sorted(found.items()))


def _fitting_s(step_s: int, offset: int) -> int:
    """The longest rows that a step can be put together from: days in UTC only, hours where whole hours are between."""
    if offset % HOUR_S:
        return min(step_s, MINUTE_S)
    return min(step_s, HOUR_S) if offset else step_s


def _pieces(link: Link, series: Series, part: Part, steps: Steps, interval_s: int) -> Iterator[tuple[int, Telling]]:
    found = _figures(link, series, part, steps)
    row_s = ROW_S[part.bucket]
    partly = [
        start_s
        for start_s, figures in found.items()
        if is_partly_known(figures, row_s, min(start_s + steps.length_s, part.stop_s) - start_s)
    ]
    rows = _rows(link, series, _around(partly, part, steps), steps) if partly else {}
    for start_s, figures in sorted(found.items()):
        if "candle_open" in figures or "quote_open" in figures:
            yield start_s, tell(figures, row_s, interval_s, rows.get(start_s))


def _around(partly: list[int], part: Part, steps: Steps) -> Part:
    """The stretch of a part that has these steps."""
    stop_s = min(part.stop_s, max(partly) + steps.length_s)
    return Part(part.bucket, max(part.start_s, min(partly)), stop_s)


def _figures(link: Link, series: Series, part: Part, steps: Steps) -> dict[int, Figures]:
    query = "candles" if part.bucket == schema.QUOTES.name else "candles_rolled_up"
    of_steps = {"every": timedelta(seconds=steps.length_s), "offset": timedelta(seconds=steps.offset_s)}
    found: defaultdict[str, Figures] = defaultdict(dict)
    for name, time, value in link.query_lists(query, COLUMNS, _params(series, part) | of_steps):
        found[time][name] = float(value)
    return {unix_s(time): figures for time, figures in found.items()}


def _rows(link: Link, series: Series, part: Part, steps: Steps) -> dict[int, Rows]:
    row = {"row": timedelta(seconds=ROW_S[part.bucket])}
    found: defaultdict[int, Rows] = defaultdict(Rows)
    for name, time, value in link.query_lists("candle_rows", COLUMNS, _params(series, part) | row):
        row_s = unix_s(time)
        of_step = found[steps.start_s(row_s)]
        if name == "candle":
            of_step.candles.add(row_s)
        else:
            of_step.quotes[row_s] = float(value)
    return found


def _params(series: Series, part: Part) -> dict[str, flux.Value]:
    return {
        "bucket": part.bucket,
        "exchange": series.exchange,
        "pair": series.pair,
        "from": moment(part.start_s),
        "to": moment(part.stop_s),
    }
