"""What an answer says of closed minutes."""

from math import inf, nan

import pytest

from collector.closed_candles import closed, filled
from collector.exchange import Candle
from collector.minutes import Span


def candle(minute: int, close: float = 5.0, volume: float = 1.0) -> Candle:
    return Candle(60 * minute, 4.0, 6.0, 3.0, close, volume)


def flat(minute: int, close: float) -> Candle:
    return Candle(60 * minute, close, close, close, close, 0.0)


def test_the_running_candle_and_those_before_the_span_are_left_out() -> None:
    candles = [candle(4), candle(3), candle(2), candle(1)]
    assert closed(candles, Span(120, 240)) == [candle(2), candle(3)]


@pytest.mark.parametrize(
    "odd",
    [
        Candle(120, 4, 6, 3, nan, 1),
        Candle(120, 4, inf, 3, 5, 1),
        Candle(120, 4, 6, 0, 5, 1),
        Candle(120, 4, 4.5, 3, 5, 1),
        Candle(120, 4, 6, 4.5, 5, 1),
        Candle(120, 4, 6, 3, 5, -1),
        Candle(120, 4, 6, 3, 5, nan),
        Candle(150, 4, 6, 3, 5, 1),
    ],
)
def test_a_candle_whose_figures_can_not_be_is_left_out(odd: Candle) -> None:
    assert closed([odd, candle(3)], Span(120, 240)) == [candle(3)]


def test_a_minute_without_a_trade_is_flat_at_the_last_close() -> None:
    rows = list(filled([candle(1, close=5.0), candle(4, close=5.5)], Span(60, 360), None, None))
    assert rows == [candle(1, 5.0), flat(2, 5.0), flat(3, 5.0), candle(4, 5.5), flat(5, 5.5)]


def test_minutes_before_the_first_candle_take_the_price_before_the_span() -> None:
    assert list(filled([candle(2)], Span(60, 180), 4.5, None)) == [flat(1, 4.5), candle(2)]


def test_minutes_before_a_listing_have_no_price() -> None:
    assert list(filled([candle(2)], Span(0, 180), None, None)) == [candle(2)]


def test_an_empty_answer_counts_when_the_price_is_the_same_on_both_sides() -> None:
    assert list(filled([], Span(60, 180), 4.5, 4.5)) == [flat(1, 4.5), flat(2, 4.5)]


@pytest.mark.parametrize(("before", "after"), [(4.5, 4.6), (4.5, None), (None, 4.5), (None, None)])
def test_an_empty_answer_proves_nothing_when_the_price_has_moved(before: float | None, after: float | None) -> None:
    assert list(filled([], Span(60, 180), before, after)) == []
