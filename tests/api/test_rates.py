"""Cross rates by our own pairs."""

import pytest

from api.rates import Rate, Rates
from tests.api.made_board import series

MARKET = Rates(
    [
        series("btcusd", price=100.0, quote_volume=1000.0),
        series("btceur", quote="eur", price=80.0, quote_volume=10.0),
        series("ethbtc", quote="btc", price=0.05, quote_volume=3.0),
        series("xyzeth", quote="eth", price=2.0, quote_volume=1.0),
        series("farxyz", quote="xyz", price=2.0, quote_volume=1.0),
        series("usdtusd", price=0.5, quote_volume=1.0),
    ]
)


def test_a_currency_is_worth_one_of_itself() -> None:
    assert MARKET.to("usd")["usd"] == Rate(1.0)


def test_a_direct_pair_is_taken_both_ways() -> None:
    assert MARKET.to("usd")["btc"] == Rate(100.0, ("btcusd",), ("kraken",))
    assert MARKET.to("btc")["usd"].price == pytest.approx(0.01)


def test_a_cross_rate_names_the_pairs_on_its_way() -> None:
    rate = MARKET.to("usd")["eur"]
    assert rate.price == pytest.approx(100 / 80)
    assert rate.pairs == ("btceur", "btcusd")


def test_three_steps_are_the_most() -> None:
    known = MARKET.to("usd")
    assert known["xyz"].price == pytest.approx(2.0 * 0.05 * 100)
    assert "far" not in known


def test_of_two_ways_of_a_length_the_more_traded_one_is_taken() -> None:
    rates = Rates(
        [
            series("btcusd", price=100.0, quote_volume=1.0),
            series("ethusd", price=10.0, quote_volume=1.0),
            series("abcbtc", quote="btc", price=2.0, quote_volume=1.0),
            series("abceth", quote="eth", price=30.0, quote_volume=11.0),
        ]
    )
    assert rates.to("usd")["abc"].pairs == ("abceth", "ethusd")


def test_a_currency_that_no_pair_leads_to_has_no_rate() -> None:
    assert "usd" not in MARKET.to("jpy")
    assert "jpy" not in MARKET.currencies
