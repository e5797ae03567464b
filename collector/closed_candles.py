"""What an exchange's answer says of a span of closed minutes: a candle a minute, those without a trade included.

Many exchanges leave out a minute without a trade. It is stored as others state it, flat at the last close with
volume 0, so that "not traded" can be told from "not collected".
"""

from collections.abc import Iterable, Iterator

from collector.candle_lines import sound
from collector.exchange import Candle
from collector.minutes import Span


def closed(candles: Iterable[Candle], span: Span) -> list[Candle]:
    """The sound candles of the span, oldest first, a minute once. The running one is in no closed span."""
    by_minute = {candle.time_s: candle for candle in candles if sound(candle)}
    return [by_minute[minute] for minute in span if minute in by_minute]


def filled(candles: Iterable[Candle], span: Span, before: float | None, after: float | None) -> Iterator[Candle]:
    """The candles, and a flat one for each minute of the span that the answer leaves out because nothing traded.

    `before` is the price at the end of the minute before the span, `after` that of the minute behind it, where known.
    Without a price before it a minute stays out. An answer without any candle counts only when the price is the same
    on both sides: it may as well mean that the exchange does not know.
    """
    found = {candle.time_s: candle for candle in candles}
    close = before
    if not found and before != after:
        return
    for minute in span:
        candle = found.get(minute)
        if candle is None and close is not None:
            candle = Candle(minute, close, close, close, close, 0.0)
        if candle is not None:
            close = candle.close
            yield candle
