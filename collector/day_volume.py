"""The rolling 24 h volume that an exchange would have stated, summed from its own minute candles.

It is known where candles reach back 24 h. A minute without a candle had no trade; a hole of more than an
hour was not recorded, and no sum is given over it.
"""

import math
from collections import deque
from collections.abc import Iterable, Iterator

from msgspec import Struct

from collector.exchange import Candle

MINUTE_S = 60
DAY_S = 86_400
HOLE_S = 3600


class DayVolume(Struct, frozen=True, gc=False):
    """What was traded in the 24 h up to a candle's end, in base and in quote currency; None where it is not known.

    Candles do not state their turnover: a minute's is its volume at the typical price (high + low + close) / 3.
    """

    base: float | None = None
    quote: float | None = None


UNKNOWN = DayVolume()


def day_volumes(candles: Iterable[Candle]) -> Iterator[tuple[Candle, DayVolume]]:
    """Each of the candles, which come oldest first, with the volumes of the 24 h up to its end."""
    window: deque[tuple[int, float, float]] = deque()
    begun_s, last_s = 0, None
    for candle in candles:
        if last_s is None or candle.time_s - last_s > HOLE_S:
            window.clear()
            begun_s = candle.time_s
        last_s = candle.time_s
        window.append((candle.time_s, candle.volume, candle.volume * typical_price(candle)))
        from_s = candle.time_s + MINUTE_S - DAY_S
        while window[0][0] < from_s:
            window.popleft()
        yield candle, _sum(window) if begun_s <= from_s else UNKNOWN


def typical_price(candle: Candle) -> float:
    """The price at which a candle's volume is taken to have changed hands."""
    return (candle.high + candle.low + candle.close) / 3


def _sum(window: Iterable[tuple[int, float, float]]) -> DayVolume:
    """Summed anew each minute: a running sum would carry its rounding along."""
    _, base, quote = zip(*window, strict=True)
    return DayVolume(math.fsum(base), math.fsum(quote))
