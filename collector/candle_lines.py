"""Candles to line protocol: the candle itself, and the quotes that its close stands for.

A candle lies at its minute's start. Its close is the price known at the minute's end, so the quote lies there.
"""

from math import inf

from collector.day_volume import DayVolume
from collector.exchange import Candle
from collector.lines import NS
from influx import schema

MINUTE_S = 60


def sound(candle: Candle) -> bool:
    """Whether its figures can be: finite, prices above 0 and in order. A comparison with NaN is false."""
    low, high = candle.low, candle.high
    return 0 < low <= candle.open <= high < inf and low <= candle.close <= high and 0 <= candle.volume < inf


def candle_line(tags: str, candle: Candle) -> str:
    """The candle at its minute's start; `tags` as lines.tags gives them."""
    return (
        f"{schema.CANDLE},{tags} open={candle.open!r},high={candle.high!r},low={candle.low!r},"
        f"close={candle.close!r},volume={candle.volume!r} {candle.time_s * NS}"
    )


def healed_line(tags: str, candle: Candle) -> str:
    """The quote that a candle gives for a poll that was missed: the close at the minute's end, marked, no volume."""
    return f"{schema.QUOTE},{tags} price={candle.close!r},healed=true {(candle.time_s + MINUTE_S) * NS}"


def replayed_line(tags: str, candle: Candle, volume: DayVolume) -> str:
    """The quote that a recorded candle gives: the close at the minute's end, and the 24 h volumes where known."""
    fields = f"price={candle.close!r}"
    if volume.base is not None and volume.quote is not None:
        fields += f",volume={volume.base!r},quote_volume={volume.quote!r}"
    return f"{schema.QUOTE},{tags} {fields} {(candle.time_s + MINUTE_S) * NS}"
