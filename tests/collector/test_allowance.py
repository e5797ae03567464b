"""An exchange's limit is read from its own headers and kept before it is reached."""

import pytest

from collector import allowance
from collector.exchanges.binance import Binance
from collector.exchanges.bybit import Bybit


@pytest.mark.parametrize(("weight", "share"), [("80", 80 / 6000), ("6000", 1.0), ("", None), ("many", None)])
def test_used_weight_is_a_share_of_the_limit(weight: str, share: float | None) -> None:
    assert allowance.used(Binance(), {"x-mbx-used-weight-1m": weight}) == share


def test_no_call_left_is_all_used() -> None:
    header = Bybit.remaining_header
    assert header is not None
    assert [allowance.used(Bybit(), {header: left}) for left in ("0", "599")] == [1.0, None]


def test_an_exchange_that_says_nothing_is_not_held_back() -> None:
    assert allowance.used(Binance(), {}) is None
    assert allowance.pause(None, 90.0) is None


def test_nearly_used_up_is_a_pause_to_the_end_of_the_minute() -> None:
    assert allowance.pause(0.89, 90.0) is None
    pause = allowance.pause(0.9, 90.0)
    assert pause is not None
    assert pause.until_s == 120.0
