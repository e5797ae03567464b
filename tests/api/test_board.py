"""The board: main series, what is listed, the divisions."""

import msgspec
import pytest

from api.board import Series
from tests.api.made_board import MINUTE_S, board, series

DAY_S = 86_400
STILL = {"price_min": 1.0, "price_max": 1.0, "volume_min": 5.0, "volume_max": 5.0, "volume_count": 1440.0}


def with_fields(fields: dict[str, float]) -> Series:
    """btcusd on Kraken with these fields."""
    return msgspec.structs.replace(series("btcusd"), **fields)


def test_the_main_series_is_that_with_the_largest_quote_volume() -> None:
    market = board(
        series("btcusd", "a", quote_volume=5.0), series("btcusd", "b", quote_volume=9.0), series("btcusd", "c")
    ).markets["btcusd"]
    assert [found.exchange for found in market.series] == ["b", "a", "c"]


def test_price_times_volume_stands_in_for_a_quote_volume_that_is_not_said() -> None:
    found = board(series("btcusd", "a", quote_volume=5.0), series("btcusd", "b", price=2.0, volume=3.0))
    assert found.markets["btcusd"].main.exchange == "b"


def test_a_series_without_a_price_is_off_the_board() -> None:
    found = board(series("btcusd", price=None, price_count=3.0))
    assert (list(found.markets), found.unlisted["btcusd"].state) == ([], "off")


def test_a_series_that_stood_still_for_a_day_is_frozen() -> None:
    found = board(with_fields({"price_count": 1440.0, **STILL}))
    assert (list(found.markets), found.unlisted["btcusd"].state) == ([], "frozen")


@pytest.mark.parametrize(
    "moved",
    [
        {"price_count": 1440.0, **STILL, "price_max": 1.1},
        {"price_count": 1440.0, **STILL, "volume_min": 4.0},
        {"price_count": 1200.0, **STILL},
        {"price_count": 1440.0, "price_min": 1.0, "price_max": 1.0},
    ],
    ids=["the price moved", "the volume moved", "it is new", "its volume is not known"],
)
def test_what_moved_or_is_not_known_for_a_day_is_not_frozen(moved: dict[str, float]) -> None:
    assert "btcusd" in board(with_fields(moved)).markets


def test_a_pair_that_is_frozen_on_one_exchange_is_listed_by_the_others() -> None:
    found = board(with_fields({"price_count": 1440.0, **STILL}), series("btcusd", "b"))
    assert [one.exchange for one in found.markets["btcusd"].series] == ["b"]
    assert "btcusd" not in found.unlisted


@pytest.mark.parametrize(("after_s", "change"), [(0, 1.0), (15 * 60, 1.0), (15 * 60 + 1, None)])
def test_a_change_over_24_h_wants_a_point_near_their_start(after_s: int, change: float | None) -> None:
    first_ns = (MINUTE_S - DAY_S + after_s) * 1e9
    found = board(series("btcusd", price=4.0, price_first=2.0, price_first_ns=first_ns))
    assert found.change_24h(found.series[0]) == change


def test_volumes_are_compared_in_one_currency() -> None:
    found = board(
        series("eurusd", price=1.5, quote_volume=1.0),
        series("btceur", quote="eur", price=2.0, quote_volume=10.0),
        series("xyzjpy", quote="jpy", price=2.0, quote_volume=10.0),
    )
    volumes = {one.pair: found.anchored_volume(one) for one in found.series}
    assert (found.anchor, volumes) == ("usd", {"eurusd": 1.0, "btceur": 15.0, "xyzjpy": None})


def test_without_dollars_another_currency_is_the_common_one() -> None:
    assert board(series("btcusdt", quote="usdt")).anchor == "usdt"
    assert board(series("btcjpy", quote="jpy")).anchor == "jpy"
