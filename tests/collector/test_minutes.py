"""Minutes that are missing, and the calls that bring them."""

from hypothesis import given
from hypothesis import strategies as st

from collector.minutes import MINUTE_S, Span, calls, minute_of_tick, missing


def test_a_tick_is_the_quote_of_the_minute_that_ends_with_it() -> None:
    assert minute_of_tick(300) == 240
    assert minute_of_tick(301) == 300
    assert minute_of_tick(355) == 300


def test_only_absent_minutes_are_missing() -> None:
    assert missing(Span(0, 300), {60, 240, 999}) == [0, 120, 180]


def test_near_holes_are_asked_for_together_and_far_ones_apart() -> None:
    assert calls([0, 240, 600, 660], per_call=5) == [Span(0, 300), Span(600, 720)]


@given(st.sets(st.integers(0, 3000)), st.integers(1, 50))
def test_calls_hold_every_minute_once_and_none_is_longer_than_allowed(numbers: set[int], per_call: int) -> None:
    minutes = sorted(number * MINUTE_S for number in numbers)
    spans = calls(minutes, per_call)
    assert all(sum(minute in span for span in spans) == 1 for minute in minutes)
    assert all(1 <= len(span) <= per_call for span in spans)
    assert all(span.start_s in minutes and span.end_s - MINUTE_S in minutes for span in spans)
