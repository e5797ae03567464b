"""What a window must be, computed in Python from the minutes themselves; checks what is found against it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from tests.api.full_scan import close
from tests.api.made_market import MinuteCandle, Point

MINUTE = timedelta(minutes=1)
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")

Timed = TypeVar("Timed", MinuteCandle, Point)


class Piece(NamedTuple):
    """A part of a window that is read from one bucket, whose rows each stand for so long."""

    candles: Sequence[MinuteCandle]
    quotes: Sequence[Point]
    row: timedelta = MINUTE


class Expected(NamedTuple):
    """A window."""

    source: str
    open: float
    high: float
    low: float
    close: float
    volume: float | None
    covered_s: float

    def equals(self, found: Any) -> bool:
        """Whether what was found is this; sums may differ in the last digits."""
        exact = ("source", "open", "high", "low", "close")
        return all(getattr(found, name) == getattr(self, name) for name in exact) and close(found.volume, self.volume)


def by_window(rows: Sequence[Timed], start_of: Callable[[datetime], datetime]) -> dict[datetime, list[Timed]]:
    """Rows by the start of their window."""
    found: dict[datetime, list[Timed]] = {}
    for row in rows:
        found.setdefault(start_of(row.time), []).append(row)
    return found


def expected(pieces: Sequence[Piece], interval_s: int = 60) -> Expected:
    """A window of one or more pieces, the oldest first, that all have something."""
    told = [_of_piece(piece, interval_s) for piece in pieces]
    volumes = [one.volume for one in told if one.volume is not None]
    sources = {one.source for one in told}
    return Expected(
        source=sources.pop() if len(sources) == 1 else "mixed",
        open=told[0].open,
        high=max(one.high for one in told),
        low=min(one.low for one in told),
        close=told[-1].close,
        volume=sum(volumes) if volumes else None,
        covered_s=sum(one.covered_s for one in told),
    )


def _of_piece(piece: Piece, interval_s: int) -> Expected:
    candles, quotes, row = piece
    known = {_row(candle.time, row) for candle in candles}
    alone = [quote for quote in quotes if _row(quote.time, row) not in known]
    prices = [quote.price for quote in quotes]
    if not candles:
        return Expected("sampled", prices[0], max(prices), min(prices), prices[-1], None, len(quotes) * interval_s)
    high, low = max(candle.high for candle in candles), min(candle.low for candle in candles)
    volume = sum(candle.volume for candle in candles)
    covered_s = len(known) * row.total_seconds()
    if not alone:
        return Expected("candles", candles[0].open, high, low, candles[-1].close, volume, covered_s)
    quote_first = _row(quotes[0].time, row) < _row(candles[0].time, row)
    quote_last = _row(quotes[-1].time, row) > _row(candles[-1].time, row)
    return Expected(
        source="mixed",
        open=prices[0] if quote_first else candles[0].open,
        high=max(high, *prices),
        low=min(low, *prices),
        close=prices[-1] if quote_last else candles[-1].close,
        volume=volume,
        covered_s=covered_s + len(alone) * interval_s,
    )


def _row(time: datetime, row: timedelta) -> datetime:
    return time - (time - EPOCH) % row
