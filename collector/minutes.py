"""Minutes by their start, in Unix seconds: which are missing, and in how few calls they can be asked for.

The tick at a minute's end is that minute's quote: what is polled at 12:05:00 is known once 12:04 is over.
"""

from collections.abc import Collection, Iterator

from msgspec import Struct

MINUTE_S = 60


class Span(Struct, frozen=True):
    """The minutes that start in [start_s, end_s)."""

    start_s: int
    end_s: int

    def __len__(self) -> int:
        return max(0, (self.end_s - self.start_s) // MINUTE_S)

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.start_s, self.end_s, MINUTE_S))

    def widened(self, minutes: int) -> "Span":
        """With so many minutes more on either side."""
        return Span(self.start_s - minutes * MINUTE_S, self.end_s + minutes * MINUTE_S)

    def __contains__(self, time_s: int) -> bool:
        return self.start_s <= time_s < self.end_s


def minute_of(time_s: float) -> int:
    """The start of the minute that a moment lies in."""
    return int(time_s) // MINUTE_S * MINUTE_S


def minute_of_tick(tick_s: float) -> int:
    """The start of the minute whose quote a tick is: the one that ends with it, or that it lies in."""
    return minute_of(tick_s - 1)


def missing(span: Span, present: Collection[int]) -> list[int]:
    """The span's minutes that are not present, oldest first."""
    return [minute for minute in span if minute not in present]


def calls(minutes: list[int], per_call: int) -> list[Span]:
    """Spans of at most `per_call` minutes that hold all of `minutes`, which come oldest first."""
    spans: list[Span] = []
    for minute in minutes:
        if spans and minute - spans[-1].start_s < per_call * MINUTE_S:
            spans[-1] = Span(spans[-1].start_s, minute + MINUTE_S)
        else:
            spans.append(Span(minute, minute + MINUTE_S))
    return spans
