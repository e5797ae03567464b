"""What a window is told by: candles, quotes, or both."""

import pytest

from api.telling import Rows, Telling, is_partly_known, tell

CANDLES = {"candle_open": 10.0, "candle_high": 12.0, "candle_low": 9.0, "candle_close": 11.0, "candle_volume": 7.5}
QUOTES = {"quote_open": 10.5, "quote_high": 12.5, "quote_low": 9.5, "quote_close": 11.5}
BOTH = CANDLES | {"candle_count": 2.0} | QUOTES | {"quote_count": 3.0}


def told(candles: set[int], quotes: set[int]) -> Telling:
    """A window that has candles and quotes at these seconds."""
    return tell(BOTH, 60, 60, Rows(candles, dict.fromkeys(quotes, 1.0)))


def test_high_and_low_are_those_of_both() -> None:
    window = told({0, 60}, {0, 60, 120})
    assert (window.source, window.high, window.low, window.volume) == ("mixed", 12.5, 9.0, 7.5)


@pytest.mark.parametrize(
    ("candles", "quotes", "opens_at", "closes_at"),
    [
        ({0, 60}, {0, 60, 120}, 10.0, 11.5),  # both are there first: the candle
        ({60, 120}, {0, 60, 120}, 10.5, 11.0),  # both are there last: the candle
        ({60, 120}, {0, 180}, 10.5, 11.5),
        ({0, 180}, {60, 120}, 10.0, 11.0),
    ],
)
def test_open_is_of_what_comes_first_and_close_of_what_comes_last(
    candles: set[int], quotes: set[int], opens_at: float, closes_at: float
) -> None:
    window = told(candles, quotes)
    assert (window.source, window.open, window.close) == ("mixed", opens_at, closes_at)


def test_candles_that_have_every_minute_of_the_quotes_need_none() -> None:
    assert told({0, 60}, {60}) == Telling("candles", 10.0, 12.0, 9.0, 11.0, 7.5, 120)


def test_minutes_without_a_candle_are_covered_by_their_quotes() -> None:
    assert told({0, 60}, {60, 120, 180}).covered_s == 240


def test_where_no_candle_is_known_the_volume_is_not_either() -> None:
    window = tell(QUOTES | {"quote_count": 3.0}, 60, 20, None)
    assert window == Telling("sampled", 10.5, 12.5, 9.5, 11.5, None, 60)


@pytest.mark.parametrize(("count", "is_partly"), [(0.0, False), (4.0, True), (5.0, False)])
def test_a_window_is_partly_known_while_it_has_some_candles(count: float, is_partly: bool) -> None:
    assert is_partly_known(QUOTES | {"candle_count": count}, 60, 300) is is_partly


def test_pieces_of_two_sources_are_mixed_and_the_known_volumes_add_up() -> None:
    pieces = [
        Telling("sampled", 1.0, 3.0, 0.5, 2.0, None, 60),
        Telling("candles", 2.0, 4.0, 1.5, 3.0, 5.0, 60),
        Telling("candles", 3.0, 3.5, 2.0, 2.5, 1.0, 30),
    ]
    for later in pieces[1:]:
        pieces[0].add(later)
    assert pieces[0] == Telling("mixed", 1.0, 4.0, 0.5, 2.5, 6.0, 150)
