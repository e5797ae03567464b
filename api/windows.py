"""Windows of open, high, low, close and volume, put together from pieces of three buckets.

What a piece is told by is decided in api/telling.py, each piece for itself.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from api.board import Series
from api.chart import Part, parts, unix_s
from api.link import Link
from api.problems import Contradiction
from api.span import DAY_S, HOUR_S, MINUTE_S, WEEK_S, Span, finest_s
from api.telling import Figures, Telling, tell
from api.window_rows import ROW_S, Steps, params_of, read_rows
from api.zone import offset_s, stretches, window_start
from influx import schema
from influx.settings import Settings

COLUMNS = ("name", "_time", "_value")
Windows = dict[int, Telling]
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
    rows = read_rows(link, series, part, steps, found, interval_s)
    for start_s, figures in sorted(found.items()):
        if "candle_open" in figures or "quote_open" in figures:
            yield start_s, tell(figures, ROW_S[part.bucket], interval_s, rows.get(start_s))


def _figures(link: Link, series: Series, part: Part, steps: Steps) -> dict[int, Figures]:
    query = "candles" if part.bucket == schema.QUOTES.name else "candles_rolled_up"
    of_steps = {"every": timedelta(seconds=steps.length_s), "offset": timedelta(seconds=steps.offset_s)}
    found: defaultdict[str, Figures] = defaultdict(dict)
    for name, time, value in link.query_lists(query, COLUMNS, params_of(series, part) | of_steps):
        found[time][name] = float(value)
    return {unix_s(time): figures for time, figures in found.items()}
