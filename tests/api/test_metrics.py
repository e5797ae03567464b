"""GET /metrics: filters, orders, pages."""

from typing import Any

import httpx
import pytest

from api.metrics import ORDERS


def rows(client: httpx.Client, **asked: str) -> list[dict[str, Any]]:
    """The rows of an answer."""
    answer = client.get("/metrics", params=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["metrics"]
    return found


def test_each_pair_is_listed_once_by_its_exchange_of_largest_quote_volume(client: httpx.Client) -> None:
    bitcoin = [row for row in rows(client) if row["pair"] == "btcusd"]
    assert [(row["exchange"], row["exchanges"]) for row in bitcoin] == [("binance", ["binance", "kraken"])]


def test_frozen_pairs_and_pairs_off_the_board_are_not_listed(client: httpx.Client) -> None:
    pairs = {row["pair"] for row in rows(client)}
    assert not pairs & {"haltedusd", "goneusd"}
    assert "quietusd" in pairs


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_holds_and_what_has_no_figure_comes_last(client: httpx.Client, order: str) -> None:
    figure, _, direction = order.rpartition("_")
    name = "comparable_volume" if figure == "quote_volume" else figure
    values = [row[name] for row in rows(client, order=order)]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=direction == "desc")
    assert values[len(known) :] == [None] * (len(values) - len(known))


def test_unless_told_the_largest_volume_in_one_currency_comes_first(client: httpx.Client) -> None:
    assert rows(client) == rows(client, order="quote_volume_desc")
    assert client.get("/metrics").json()["volume_currency"] == "usd"


@pytest.mark.parametrize(
    ("asked", "pairs"),
    [
        ({"quote": "EUR"}, {"btceur"}),
        ({"base": "btc"}, {"btcusd", "btceur"}),
        ({"search": "OGE"}, {"dogeusd"}),
        ({"exchange": "binance", "search": "btc"}, {"btcusd", "ethbtc"}),
        ({"quote": "usd", "base": "eth"}, set()),
    ],
)
def test_the_list_can_be_narrowed(client: httpx.Client, asked: dict[str, str], pairs: set[str]) -> None:
    assert {row["pair"] for row in rows(client, **asked)} == pairs


def test_on_an_exchange_its_own_figures_are_shown(client: httpx.Client) -> None:
    (row,) = rows(client, exchange="kraken", search="btcusd")
    assert (row["exchange"], row["exchanges"]) == ("kraken", ["binance", "kraken"])


def test_a_pair_that_may_be_two_coins_is_marked(client: httpx.Client) -> None:
    assert {row["pair"] for row in rows(client) if row["ambiguous"]} == {"twousd"}


def test_a_page_behind_the_last_is_empty(client: httpx.Client) -> None:
    assert rows(client, page="1000") == []
