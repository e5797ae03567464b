"""One round over an exchange: which series lack minutes of a span, the most traded first, each healed in turn.

A pair that fails is tried again a few times and then left for the next round; nothing of the others waits for it.
"""

import time
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from collector.candle_source import CandleSource
from collector.decode import Changed
from collector.heal import Healed, Healer, Series
from collector.minutes import MINUTE_S, Span
from collector.outcome import Failed, Limited, Stopped
from collector.stored import Stored
from collector.turnover import most_traded
from influx.client import Later

TRIES = 3
AGAIN_S = 10.0


class Progress(Struct, frozen=True):
    """How far a round is: series that are dealt with, of those that lacked minutes, and what became of them."""

    done: int
    total: int
    healed: int = 0
    lost: int = 0
    failed: int = 0
    reason: str = ""
    """Why the last of the failed ones failed."""


def lacking(
    series: Sequence[Series], counts: dict[str, int], span: Span, interval_s: int, firsts: dict[str, int] | None = None
) -> list[Series]:
    """Those that have fewer prices than there were ticks: in the whole span, or from their own first tick on."""
    whole = len(span) * MINUTE_S // interval_s

    def ticks(pair: str) -> int:
        if firsts is None:
            return whole
        return (span.end_s - firsts[pair]) // interval_s + 1 if pair in firsts else 0

    return [one for one in series if counts.get(one.market.pair, 0) < ticks(one.market.pair)]


def ordered(series: Iterable[Series], pairs: Sequence[str]) -> list[Series]:
    """The series in the order of `pairs`; those that are not among them last."""
    place = {pair: number for number, pair in enumerate(pairs)}
    return sorted(series, key=lambda one: (place.get(one.market.pair, len(place)), one.market.pair))


class Round:
    """A round's tools. `hear` is told of every step; it is called before the first one too."""

    def __init__(
        self,
        healer: Healer,
        source: CandleSource,
        stored: Stored,
        interval_s: int,
        hear: Callable[[Progress], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._healer, self._source, self._stored = healer, source, stored
        self._interval_s, self._hear, self._clock = interval_s, hear, clock

    def run(self, series: Sequence[Series], span: Span) -> Progress:
        """Heals the span. Stopped: we are stopping; Later and other DatabaseErrors: the database can't be read."""
        firsts = None if self._healer.backfill else self._stored.firsts(span)
        short = lacking(series, self._stored.counts(span), span, self._interval_s, firsts)
        if not short:
            return Progress(0, 0)
        progress = Progress(0, len(short))
        self._hear(progress)
        for one in ordered(short, most_traded(self._stored.traded(self._clock()))):
            self._source.pause(0)  # raises Stopped also where nothing more has to be asked
            progress = self._after(progress, one, span)
            self._hear(progress)
        return progress

    def _after(self, before: Progress, one: Series, span: Span) -> Progress:
        try:
            healed, reason = self._heal(one, span), ""
        except (Failed, Changed) as error:
            healed, reason = Healed(), f"{one.market.pair}: {error}"
        return Progress(
            before.done + 1,
            before.total,
            before.healed + healed.healed,
            before.lost + healed.lost,
            before.failed + bool(reason),
            reason or before.reason,
        )

    def _heal(self, one: Series, span: Span) -> Healed:
        """The last failure of several tries is raised; a pause that the exchange asks for is no try."""
        tries = 0
        while True:
            try:
                return self._healer.heal(one, span)
            except Stopped:
                raise
            except Limited:
                continue  # the source waits as long as the exchange wants
            except Later as error:
                self._source.pause(max(error.after_s, AGAIN_S))
            except (Failed, Changed):
                tries += 1
                if tries == TRIES:
                    raise
                self._source.pause(AGAIN_S)
