"""Which minutes, hours or days have candles and which have quotes, for windows whose candles lack some of them.

Where every tick of a window has its quote, only the candles have to be asked for.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from msgspec import Struct

from api.board import Series
from api.chart import Part, moment, unix_s
from api.link import Link
from api.span import DAY_S, HOUR_S, MINUTE_S
from api.telling import Figures, Rows, is_partly_known
from influx import flux, schema

ROW_S = {schema.QUOTES.name: MINUTE_S, schema.HOURLY.name: HOUR_S, schema.DAILY.name: DAY_S}
"""What one row of a bucket stands for."""


class Steps(Struct, frozen=True):
    """Equal steps of time, moved by `offset_s` against those of Unix time; those at a part's ends are cut there."""

    length_s: int
    offset_s: int

    def start_s(self, time_s: int, part: Part) -> int:
        """The start of the step that holds a moment."""
        return max(part.start_s, time_s - (time_s - self.offset_s) % self.length_s)

    def stop_s(self, time_s: int, part: Part) -> int:
        """The end of the step that holds a moment, itself not included."""
        return min(part.stop_s, time_s - (time_s - self.offset_s) % self.length_s + self.length_s)


def params_of(series: Series, part: Part) -> dict[str, flux.Value]:
    """What every query for windows is told."""
    return {
        "bucket": part.bucket,
        "exchange": series.exchange,
        "pair": series.pair,
        "from": moment(part.start_s),
        "to": moment(part.stop_s),
    }


def read_rows(
    link: Link, series: Series, part: Part, steps: Steps, windows: dict[int, Figures], interval_s: int
) -> dict[int, Rows]:
    """The rows of the windows that are partly known, by their start."""
    row_s = ROW_S[part.bucket]
    found: dict[int, Rows] = {}
    sparse = set()
    for start_s, figures in windows.items():
        stop_s = steps.stop_s(start_s, part)
        if is_partly_known(figures, row_s, stop_s - start_s):
            found[start_s] = Rows()
            if figures["quote_count"] == ticks(start_s, stop_s, interval_s):
                found[start_s].quotes = every_tick(start_s, stop_s, row_s, interval_s)
            else:
                sparse.add(start_s)
    for row, _ in _rows(link, series, _around(found, part, steps), schema.CANDLE):
        if (start_s := steps.start_s(row, part)) in found:
            found[start_s].candles.add(row)
    for row, count in _rows(link, series, _around(sparse, part, steps), schema.QUOTE):
        if (start_s := steps.start_s(row, part)) in sparse:
            found[start_s].quotes[row] = count
    return found


def ticks(start_s: int, stop_s: int, interval_s: int) -> int:
    """How many ticks lie in [start_s, stop_s)."""
    return start_s // -interval_s - stop_s // -interval_s


def every_tick(start_s: int, stop_s: int, row_s: int, interval_s: int) -> dict[int, float]:
    """How many quotes each row has where none is missing."""
    rows = range(start_s, stop_s, row_s)
    return {row: float(ticks(row, min(row + row_s, stop_s), interval_s)) for row in rows}


def _around(starts: Iterable[int], part: Part, steps: Steps) -> Part | None:
    """The stretch of a part that has these steps; None: there are none."""
    ordered = sorted(starts)
    return Part(part.bucket, ordered[0], steps.stop_s(ordered[-1], part)) if ordered else None


def _rows(link: Link, series: Series, part: Part | None, measurement: str) -> Iterator[tuple[int, float]]:
    if part is None:
        return
    raw = part.bucket == schema.QUOTES.name
    params = params_of(series, part) | {
        "measurement": measurement,
        "field": "close" if measurement == schema.CANDLE else "price" if raw else "price_count",
        "counted": raw and measurement == schema.QUOTE,
        "row": timedelta(seconds=ROW_S[part.bucket]),
    }
    for time, value in link.query_lists("window_rows", ("_time", "_value"), params):
        yield unix_s(time), float(value)
