"""When a round of healing is due, and over which span."""

import pytest

from collector.feed import Polled
from collector.heal_thread import DAY_S, MARGIN_S, Holes, calls_each, span_to_heal
from collector.minutes import Span
from collector.state import OK
from tests.collector.made_candles import adapter

BTC = frozenset({"btcusd"})
BOTH = frozenset({"btcusd", "ethusd"})


def polled(tick_s: int, quotes: int = 1) -> Polled:
    return Polled(
        exchange="kraken",
        tick_s=tick_s,
        state=OK,
        pairs=1,
        capped=0,
        quotes=quotes,
        lost=0,
        bad=(),
        unlisted=0,
        used=None,
        took_s=0.1,
    )


def test_the_first_quotes_are_a_reason_and_those_that_follow_are_none() -> None:
    holes = Holes()
    assert holes.after(polled(600), BTC)
    assert not holes.after(polled(660), BTC)
    assert not holes.after(polled(720), BTC)


def test_a_tick_without_quotes_is_a_reason_once_there_are_some_again() -> None:
    holes = Holes()
    holes.after(polled(600), BTC)
    assert not holes.after(polled(660, quotes=0), BTC)
    assert holes.after(polled(720), BTC)
    assert not holes.after(polled(780), BTC)


@pytest.mark.parametrize(("tick_s", "due"), [(650, False), (660, False), (720, False), (725, True)])
def test_at_a_shorter_interval_only_a_whole_minute_without_quotes_is_a_reason(tick_s: int, due: bool) -> None:
    holes = Holes()
    holes.after(polled(605), BTC)
    assert holes.after(polled(tick_s), BTC) is due


def test_a_new_pair_is_a_reason_and_one_that_went_is_none() -> None:
    holes = Holes()
    holes.after(polled(600), BTC)
    assert holes.after(polled(660), BOTH)
    assert not holes.after(polled(720), BTC)


def test_a_round_looks_at_a_day_before_the_ticks_own_minute() -> None:
    assert span_to_heal(1_000_020, 0, 7 * DAY_S) == Span(999_960 - DAY_S, 999_960)


def test_after_a_longer_stop_it_looks_back_to_the_last_complete_round() -> None:
    complete_s = 999_960 - 3 * DAY_S
    assert span_to_heal(1_000_020, complete_s, 7 * DAY_S).start_s == complete_s


def test_it_never_looks_behind_what_the_bucket_keeps() -> None:
    span = span_to_heal(1_000_020, 60, 7 * DAY_S)
    assert span.end_s - span.start_s == 7 * DAY_S - MARGIN_S - 60


@pytest.mark.parametrize(
    ("depth", "per_call", "calls"), [(None, 300, 5), (720, 720, 1), (720, 300, 3), (2000, 2000, 1)]
)
def test_a_pair_takes_as_many_calls_as_the_exchange_has_candles_to_give(
    depth: int | None, per_call: int, calls: int
) -> None:
    assert calls_each(adapter("any", depth, per_call), Span(0, DAY_S)) == calls
