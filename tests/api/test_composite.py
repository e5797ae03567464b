"""A pair over all exchanges."""

import pytest

from api.board import Series
from api.composite import disagree, mix
from tests.api.made_board import series


def at(**prices: float) -> list[Series]:
    """btcusd at these prices by exchange, 10 traded on each."""
    return [series("btcusd", name, price=price, volume=1.0, quote_volume=10.0) for name, price in prices.items()]


def test_the_price_is_the_median_and_volumes_are_summed() -> None:
    mixed = mix(at(a=100.0, b=101.0, c=103.0))
    assert (mixed.price, mixed.volume, mixed.quote_volume) == (101.0, 3.0, 30.0)
    assert mixed.composite.spread == pytest.approx(0.03)


def test_an_outlier_is_left_out_of_everything_and_named() -> None:
    mixed = mix(at(a=100.0, b=101.0, c=102.0, d=115.0))
    assert mixed.composite.outliers == ["d"]
    assert (mixed.price, mixed.quote_volume) == (101.0, 30.0)
    assert mixed.composite.prices["d"] == 115.0


def test_without_a_majority_nobody_is_an_outlier() -> None:
    mixed = mix(at(a=100.0, b=115.0))
    assert (mixed.composite.outliers, mixed.price) == ([], 107.5)


@pytest.mark.parametrize(("dearest", "ambiguous"), [(119.9, False), (120.0, True)])
def test_from_20_percent_on_two_coins_may_bear_one_name(dearest: float, ambiguous: bool) -> None:
    found = at(a=100.0, b=dearest)
    assert disagree(found) is ambiguous
    assert mix(found).composite.ambiguous is ambiguous


def test_what_is_ambiguous_is_not_mixed() -> None:
    mixed = mix(at(a=100.0, b=150.0))
    assert (mixed.price, mixed.volume, mixed.quote_volume, mixed.series) == (None, None, None, ())
    assert mixed.composite.prices == {"a": 100.0, "b": 150.0}


def test_an_exchange_without_a_fresh_price_is_no_part_of_it() -> None:
    assert mix([*at(a=100.0), series("btcusd", "b", price=None)]).price == 100.0
    assert mix([series("btcusd", "b", price=None)]).price is None
