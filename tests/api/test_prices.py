"""GET /prices."""

import httpx
import pytest

from api.prices import rounded
from tests.api.conftest import MadeMarket
from tests.api.full_scan import close


def test_prices_come_in_every_currency_with_time_and_source(client: httpx.Client, market: MadeMarket) -> None:
    answer = client.get("/prices?pairs=btc-usd,ETHBTC&vs=usd,eur").json()
    found = {(row["pair"], row["vs"]): row for row in answer["prices"]}
    bitcoin, euro = market.newest("btcusd", "binance").price, market.newest("eurusd").price
    ether = market.newest("ethbtc", "binance").price
    assert found["btcusd", "usd"]["price"] == bitcoin
    assert close(found["ethbtc", "usd"]["price"], ether * bitcoin)
    assert close(found["btcusd", "eur"]["price"], bitcoin / euro)
    assert (found["ethbtc", "usd"]["via"], found["ethbtc", "usd"]["exchanges"]) == (
        ["ethbtc", "btcusd"],
        ["binance", "binance"],
    )
    assert found["btcusd", "eur"]["time"] == answer["time"]


def test_no_price_is_reckoned_there_and_back_by_its_own_pair(client: httpx.Client, market: MadeMarket) -> None:
    in_ether, in_bitcoin = client.get("/prices?pairs=btcusd&vs=eth,btc").json()["prices"]
    assert (in_ether["via"], in_ether["exchanges"]) == (["ethbtc"], ["binance"])
    assert close(in_ether["price"], 1 / market.newest("ethbtc", "binance").price)
    assert (in_bitcoin["price"], in_bitcoin["via"]) == (1, [])


def test_unless_told_a_price_is_in_the_pairs_own_currency(client: httpx.Client) -> None:
    (row,) = client.get("/prices?pairs=ethbtc").json()["prices"]
    assert (row["vs"], row["via"]) == ("btc", ["ethbtc"])


def test_what_is_unknown_is_listed_and_not_fatal(client: httpx.Client) -> None:
    answer = client.get("/prices?pairs=btcusd,nosuch,haltedusd&vs=usd,xxx").json()
    assert (answer["unknown"], answer["unknown_vs"]) == (["nosuch", "haltedusd"], ["xxx"])
    assert [(row["pair"], row["vs"]) for row in answer["prices"]] == [("btcusd", "usd")]


def test_a_pair_that_is_asked_for_twice_is_answered_once(client: httpx.Client) -> None:
    assert len(client.get("/prices?pairs=btcusd,BTCUSD").json()["prices"]) == 1


@pytest.mark.parametrize(
    ("price", "places", "expected"),
    [
        (87012.5678, 2, 87012.57),
        (87012.5678, 0, 87013.0),
        (0.123456, 2, 0.12),
        (6.444e-06, 2, 6.4e-06),
        (6.444e-06, 0, 6e-06),
        (6.444e-06, None, 6.444e-06),
        (0.0, 2, 0.0),
    ],
)
def test_no_price_is_rounded_to_nothing(price: float, places: int | None, expected: float) -> None:
    assert rounded(price, places) == expected


@pytest.mark.parametrize("query", ["", "pairs=", "pairs=a,,b", "pairs=a%2C%20b", "pairs=" + ",".join(["a"] * 251)])
def test_what_is_no_list_of_names_is_refused(client: httpx.Client, query: str) -> None:
    assert client.get(f"/prices?{query}").status_code == 400
