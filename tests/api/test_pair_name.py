"""A pair as users write it."""

import pytest

from api import pair_name
from api.problems import Malformed


@pytest.mark.parametrize("text", ["btcusd", "BTCUSD", "btc-usd", "BTC/USD", "btc_usd", "Btc:Usd", "btc usd"])
def test_every_usual_spelling_means_the_same(text: str) -> None:
    assert pair_name.parse(text) == "btcusd"


def test_an_odd_name_that_an_exchange_lists_is_taken_as_it_is() -> None:
    assert pair_name.parse("A-B.Cusd", known={"a-b.cusd"}) == "a-b.cusd"


@pytest.mark.parametrize(
    "text", ["", "-", "btc-", "/usd", "a" * 65, "btc\x00usd", "btc\nusd", "<b>", "a'b", "a\ufffdb"]
)
def test_what_can_not_be_a_name_is_malformed(text: str) -> None:
    with pytest.raises(Malformed, match="such as btcusd, btc-usd or BTC/USD, at most 64 letters and digits"):
        pair_name.parse(text)


def test_the_nearest_names_come_first() -> None:
    names = pair_name.Names(["dogeusd", "dogebtc", "dotusd", "btcusd", "shibusd"])
    assert names.nearest("dogusd")[:2] == ["dogeusd", "dotusd"]
    assert names.nearest("zzz") == []
