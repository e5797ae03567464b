"""The watch list: the most traded pairs, whose closed candles are fetched every minute.

So the volume of their minutes is known as the exchange states it, and open, high and low are true, not sampled.
A call asks for everything since the last minute that is known, so a call that failed leaves no hole.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from collector.candle_lines import candle_line
from collector.candle_source import CandleSource
from collector.closed_candles import filled
from collector.decode import Changed
from collector.exchange import Candle
from collector.heal import Series
from collector.heal_round import ordered
from collector.lines import tags
from collector.minutes import MINUTE_S, Span, minute_of
from collector.outcome import Failed, Limited, Stopped
from collector.sink import Sink, taken
from influx import schema

log = logging.getLogger("coinwatch.history")

MOST = 50
OVERLAP = 2  # minutes that are asked for again, since a late trade may have changed them
CLOSED_AFTER_S = 2.0  # how long exchanges need to close a candle


class Known(Struct):
    """The last minute that is known of a pair, and its close."""

    minute: int
    close: float


def chosen(series: Sequence[Series], wish: Sequence[str], order: Sequence[str], calls_per_minute: int) -> list[Series]:
    """The series to watch: those of `wish` by name, or the first so many in `order`, at most as many as calls.

    `wish` is empty (as many as may be, at most 50), one number, or names of pairs.
    """
    if len(wish) == 1 and wish[0].isdigit():
        return ordered(series, order)[: min(int(wish[0]), calls_per_minute)]
    if wish:
        return [one for one in ordered(series, wish) if one.market.pair in wish][:calls_per_minute]
    return ordered(series, order)[: min(MOST, calls_per_minute)]


class Watch:
    """One exchange's watch list. Used by one thread."""

    def __init__(self, source: CandleSource, sink: Sink, clock: Callable[[], float] = time.time) -> None:
        self._source, self._sink, self._clock = source, sink, clock
        self._known: dict[str, Known] = {}

    def next_s(self) -> float:
        """How long it is until the present minute is over and its candles are closed."""
        now_s = self._clock()
        return minute_of(now_s) + MINUTE_S + CLOSED_AFTER_S - now_s

    def turn(self, series: Sequence[Series]) -> int:
        """Fetches every series' closed candles; answers how many gave some. Stopped: we are stopping."""
        self._known = {one.market.pair: known for one in series if (known := self._known.get(one.market.pair))}
        given = 0
        for one in series:
            try:
                given += self._fetch(one)
            except Stopped:
                raise
            except Limited:
                break  # the source keeps the pause; the next turn makes up for this one
            except (Failed, Changed) as error:
                log.debug("%s: no candle of %s: %s", self._source.exchange.name, one.market.pair, error)
        return given

    def _fetch(self, one: Series) -> bool:
        pair, until_s = one.market.pair, minute_of(self._clock())
        candles = self._source.ask(one.pair, self._span(pair, until_s))
        rows = list(self._settled(pair, candles, until_s))
        series_tags = tags(self._source.exchange.name, one.market)
        if not rows or not taken(self._sink, [candle_line(series_tags, row) for row in rows], schema.QUOTES.name):
            return False
        known = self._known.get(pair)
        if known is None or rows[-1].time_s >= known.minute:
            self._known[pair] = Known(rows[-1].time_s, rows[-1].close)
        return True

    def _span(self, pair: str, until_s: int) -> Span:
        known = self._known.get(pair)
        from_s = (known.minute if known else until_s - MINUTE_S) - (OVERLAP - 1) * MINUTE_S
        return Span(max(from_s, until_s - self._source.exchange.candles_per_call * MINUTE_S), until_s)

    def _settled(self, pair: str, candles: Sequence[Candle], until_s: int) -> Iterator[Candle]:
        """The candles, and the minutes without a trade between the last known one and them.

        The newest minute is not taken for one of those: its candle may only be late. Nor does an answer without any
        candle prove anything; the call then grows until there is one.
        """
        known = self._known.get(pair)
        again = [candle for candle in candles if known and candle.time_s <= known.minute]
        fresh = candles[len(again) :]
        yield from again
        if fresh:
            close = again[-1].close if again else known.close if known else None
            from_s = known.minute + MINUTE_S if known else fresh[0].time_s
            for row in filled(fresh, Span(from_s, until_s), close, None):
                if row.time_s <= max(fresh[-1].time_s, until_s - 2 * MINUTE_S):
                    yield row
