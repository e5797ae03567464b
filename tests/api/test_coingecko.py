"""GET /api/v3/…, in CoinGecko's shape: https://docs.coingecko.com/v3.0.1/reference/introduction"""

from datetime import datetime, timedelta

import httpx

from tests.api import full_scan
from tests.api.conftest import MadeMarket
from tests.api.full_scan import close


def test_simple_prices_are_by_coin_and_currency(client: httpx.Client, market: MadeMarket) -> None:
    asked = {
        "ids": "btc,eth,nosuch",
        "vs_currencies": "usd,eur",
        "include_24hr_vol": "true",
        "include_24hr_change": "true",
        "include_last_updated_at": "true",
    }
    answer = client.get("/api/v3/simple/price", params=asked).json()
    assert set(answer) == {"btc", "eth"}
    bitcoin = answer["btc"]
    assert bitcoin["usd"] == market.newest("btcusd", "binance").price
    assert bitcoin["last_updated_at"] == int(market.minute.timestamp())
    assert close(
        bitcoin["usd_24h_change"], (full_scan.change(market.of("btcusd", "binance"), market.minute) or 0) * 100
    )
    assert close(answer["eth"]["usd"], market.newest("ethbtc", "binance").price * bitcoin["usd"])
    dollars = full_scan.in_dollars(market.points, "eur")
    volumes = [
        market.newest("btcusd", "binance").quote_volume or 0,
        market.newest("btcusd", "kraken").quote_volume or 0,
        (market.newest("btceur").quote_volume or 0) * dollars,
    ]
    assert close(bitcoin["usd_24h_vol"], sum(volumes))


def test_the_change_over_a_way_of_pairs_is_that_of_the_whole_way(client: httpx.Client, market: MadeMarket) -> None:
    asked = {"ids": "eth", "vs_currencies": "usd", "include_24hr_change": "true"}
    change = client.get("/api/v3/simple/price", params=asked).json()["eth"]["usd_24h_change"]
    ways = [full_scan.day(market.of(pair, "binance"), market.minute) for pair in ("ethbtc", "btcusd")]
    now, then = (ways[0][at].price * ways[1][at].price for at in (-1, 0))
    assert close(change, (now / then - 1) * 100)


def test_markets_are_ordered_by_volume_and_come_in_pages(client: httpx.Client, market: MadeMarket) -> None:
    rows = client.get("/api/v3/coins/markets?vs_currency=usd").json()
    volumes = [row["total_volume"] for row in rows]
    assert volumes == sorted(volumes, reverse=True)
    page = client.get("/api/v3/coins/markets?vs_currency=usd&per_page=2&page=2&order=volume_desc").json()
    assert [row["id"] for row in page] == [row["id"] for row in rows[2:4]]
    (doge,) = [row for row in rows if row["id"] == "doge"]
    prices = [point.price for point in full_scan.day(market.of("dogeusd"), market.minute)]
    assert [doge["current_price"], doge["high_24h"], doge["low_24h"]] == [prices[-1], max(prices), min(prices)]
    assert close(doge["price_change_24h"], prices[-1] - prices[0])
    assert (doge["symbol"], doge["name"], doge["market_cap"]) == ("doge", "DOGE", None)


def test_markets_can_be_narrowed_to_coins(client: httpx.Client) -> None:
    rows = client.get("/api/v3/coins/markets?vs_currency=usd&ids=ltc,doge&order=id_asc&sparkline=false").json()
    assert [row["id"] for row in rows] == ["doge", "ltc"]


def test_a_market_chart_is_of_milliseconds_and_values(client: httpx.Client, market: MadeMarket) -> None:
    chart = client.get("/api/v3/coins/doge/market_chart?vs_currency=usd&days=1").json()
    of_day = full_scan.day(market.of("dogeusd"), market.minute)
    assert chart["prices"] == [[int(point.time.timestamp()) * 1000, point.price] for point in of_day]
    assert all(
        close(found[1], (point.volume or 0) * point.price)
        for found, point in zip(chart["total_volumes"], of_day, strict=True)
    )
    older = client.get("/api/v3/coins/doge/market_chart?vs_currency=usd&days=30").json()
    first = datetime.fromtimestamp(older["prices"][0][0] / 1000, market.minute.tzinfo)
    assert first < market.minute - timedelta(hours=23)


def test_lists_name_what_there_is(client: httpx.Client) -> None:
    assert {"id": "pepe", "symbol": "pepe", "name": "PEPE"} in client.get("/api/v3/coins/list").json()
    assert {"usd", "eur", "btc"} <= set(client.get("/api/v3/simple/supported_vs_currencies").json())
    assert client.get("/api/v3/ping").json()["gecko_says"]


def test_a_currency_that_nothing_is_priced_in_is_refused(client: httpx.Client) -> None:
    answer = client.get("/api/v3/coins/markets?vs_currency=xxx")
    assert (answer.status_code, answer.json()["detail"][:33]) == (404, "no pair leads to 'xxx'; accepted:")
    answer = client.get("/api/v3/coins/doge/market_chart?vs_currency=eur")
    assert (answer.status_code, answer.json()["detail"]) == (404, "'doge' has no pair in 'eur'; it has: usd")
