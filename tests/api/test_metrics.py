"""GET /metrics."""

import httpx

from tests.api.conftest import MadeMarket


def test_each_pair_is_listed_once_by_its_exchange_of_largest_quote_volume(client: httpx.Client) -> None:
    rows = client.get("/metrics").json()["metrics"]
    bitcoin = [row for row in rows if row["pair"] == "btcusd"]
    assert [(row["exchange"], row["exchanges"]) for row in bitcoin] == [("binance", ["binance", "kraken"])]


def test_a_listed_price_is_the_newest_quote(client: httpx.Client, market: MadeMarket) -> None:
    rows = {row["pair"]: row for row in client.get("/metrics").json()["metrics"]}
    newest = {tags.pair: points[-1] for tags, points in market.points.items() if tags.pair == "dogeusd"}["dogeusd"]
    doge = rows["dogeusd"]
    assert (doge["price"], doge["volume"], doge["quote_volume"]) == (newest.price, newest.volume, newest.quote_volume)


def test_frozen_pairs_and_pairs_off_the_board_are_not_listed(client: httpx.Client) -> None:
    pairs = {row["pair"] for row in client.get("/metrics").json()["metrics"]}
    assert not pairs & {"haltedusd", "goneusd"}
    assert "quietusd" in pairs
