"""Ranks: the definition, ties, populations."""

import pytest

from api.problems import Contradiction, Unknown
from api.ranking import ranking
from tests.api.made_board import board, series

THREE = board(
    series("btcusd", volume_stddev=100.0), series("ethusd", volume_stddev=200.0), series("ltcusd", volume_stddev=300.0)
)


def test_of_deviations_of_100_200_and_300_the_third_is_first_and_the_first_is_last() -> None:
    found = ranking(THREE, "stddev", "volume", "all")
    assert {pair: place.rank for pair, place in found.of_pair.items()} == {"ltcusd": 1, "ethusd": 2, "btcusd": 3}
    assert len(found.places) == 3


def test_ties_share_a_rank_and_the_next_one_counts_them() -> None:
    tied = board(
        series("aaausd", price_stddev=5.0),
        series("bbbusd", price_stddev=9.0),
        series("cccusd", price_stddev=5.0),
        series("dddusd", price_stddev=1.0),
    )
    places = ranking(tied, "stddev", "price", "all").places
    assert [(place.pair, place.rank) for place in places] == [
        ("bbbusd", 1),
        ("aaausd", 2),
        ("cccusd", 2),
        ("dddusd", 4),
    ]


def test_a_pair_stands_once_among_all_by_its_main_exchange() -> None:
    twice = board(
        series("btcusd", "kraken", quote_volume=10.0, price_stddev=1.0),
        series("btcusd", "binance", quote_volume=20.0, price_stddev=2.0),
    )
    (place,) = ranking(twice, "stddev", "price", "all").places
    assert (place.exchange, place.value) == ("binance", 2.0)
    (place,) = ranking(twice, "stddev", "price", "kraken").places
    assert (place.exchange, place.value) == ("kraken", 1.0)


def test_a_pair_without_the_figure_is_not_counted() -> None:
    assert (
        len(ranking(board(series("btcusd"), series("ltcusd", price_stddev=1.0)), "stddev", "price", "all").places) == 1
    )


def test_an_unknown_population_is_answered_with_the_known_ones() -> None:
    with pytest.raises(Unknown, match="'krakn'; accepted: all, an exchange or a quote currency") as raised:
        ranking(THREE, "stddev", "price", "krakn")
    assert raised.value.nearest == ["all", "kraken", "usd"]


def test_a_figure_without_metrics_can_not_be_asked_for_the_volume() -> None:
    with pytest.raises(Contradiction, match="by=price has no metric; stddev, volatility, mean have one"):
        ranking(THREE, "price", "volume", "all")
