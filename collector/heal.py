"""Fills the holes of one series from the exchange's candles: candles as candles, each close as a marked quote.

Never over a polled point: which minutes lack a price is read from the database, and only those are written.
"""

from collections.abc import Callable

from msgspec import Struct

from collector.answered import Answered
from collector.candle_lines import candle_line, healed_line
from collector.candle_source import CandleSource
from collector.closed_candles import filled
from collector.exchange import Pair
from collector.lines import Market, tags
from collector.minutes import MINUTE_S, Span, calls, missing
from collector.sink import Sink, taken
from collector.stored import Stored
from influx import schema

BEHIND_S = 10.0
LOOK_S = 1.0  # between two looks whether spool and database have room again


class Series(Struct, frozen=True):
    """A pair as the exchange asks for it, and as it is stored."""

    pair: Pair
    market: Market


class Healed(Struct, frozen=True):
    """Minutes that were filled, and minutes that the exchange does not give (any more)."""

    healed: int = 0
    lost: int = 0

    def __add__(self, other: "Healed") -> "Healed":
        return Healed(self.healed + other.healed, self.lost + other.lost)


class Healer:
    """One exchange's. `backfill`: also the minutes before a series' first price.

    `behind_s` says how far the database is behind the sink: while that is much no candles are fetched, so that an
    outage of the database leaves the spool's room to the polls.
    """

    def __init__(
        self,
        source: CandleSource,
        stored: Stored,
        answered: Answered,
        sink: Sink,
        behind_s: Callable[[], float] = lambda: 0.0,
        *,
        backfill: bool = True,
    ) -> None:
        self._source, self._stored, self._answered, self._sink = source, stored, answered, sink
        self._behind_s = behind_s
        self._exchange = source.exchange
        self.backfill = backfill

    def heal(self, series: Series, span: Span) -> Healed:
        """Fills what lacks. Raises what CandleSource.ask and Stored.prices raise; what is filled by then stays."""
        name = series.market.pair
        prices = self._stored.prices(name, span.widened(1))
        lacking = missing(self._from_first_price(span, prices), prices)
        wanted = [minute for minute in lacking if (name, minute) not in self._answered]
        askable = [minute for minute in wanted if minute >= self._source.oldest_s]
        healed = 0
        for call in calls(askable, self._exchange.candles_per_call):
            healed += self._fill(series, call, {minute for minute in askable if minute in call}, prices)
        return Healed(healed, len(wanted) - healed)

    def _from_first_price(self, span: Span, prices: dict[int, float]) -> Span:
        if self.backfill:
            return span
        return Span(max(span.start_s, min(prices, default=span.end_s)), span.end_s)

    def _fill(self, series: Series, call: Span, wanted: set[int], prices: dict[int, float]) -> int:
        while self._behind_s() > BEHIND_S:
            self._source.pause(LOOK_S)
        candles = self._source.ask(series.pair, call)
        before, after = prices.get(call.start_s - MINUTE_S), prices.get(call.end_s)
        rows = list(filled(candles, call, before, after))
        series_tags = tags(self._exchange.name, series.market)
        lines = [candle_line(series_tags, candle) for candle in rows]
        healing = [candle for candle in rows if candle.time_s in wanted]
        lines += [healed_line(series_tags, candle) for candle in healing]
        while not taken(self._sink, lines, schema.QUOTES.name):
            self._source.pause(LOOK_S)
        self._answered.note(series.market.pair, call)
        prices.update((candle.time_s, candle.close) for candle in healing)
        return len(healing)
