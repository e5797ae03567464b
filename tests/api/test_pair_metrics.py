"""GET /metrics/{pair}."""

import statistics
from datetime import timedelta

import httpx
import pytest

from tests.api import full_scan
from tests.api.conftest import MadeMarket
from tests.api.full_scan import close


@pytest.mark.parametrize("spelling", ["btcusd", "BTCUSD", "btc-usd", "btc_usd", "BTC%2FUSD", "BTC/USD"])
def test_a_pair_may_be_spelled_in_every_usual_way(client: httpx.Client, spelling: str) -> None:
    assert client.get(f"/metrics/{spelling}").json()["pair"] == "btcusd"


def test_the_chart_has_a_point_a_minute_over_24_hours(client: httpx.Client) -> None:
    answer = client.get("/metrics/ltcusd").json()
    assert (len(answer["chart"]), answer["chart_every_s"]) == (1440, 60)
    assert answer["chart"][0]["time"] == answer["chart_from"]


def test_unless_told_it_is_the_main_exchange_and_the_answer_says_which(client: httpx.Client) -> None:
    main, asked = client.get("/metrics/btcusd").json(), client.get("/metrics/btcusd?exchange=Kraken").json()
    assert (main["exchange"], asked["exchange"], asked["main_exchange"]) == ("binance", "kraken", "binance")
    assert main["price"] != asked["price"]


def test_an_exchange_that_has_not_the_pair_is_answered_with_those_that_have(client: httpx.Client) -> None:
    answer = client.get("/metrics/ltcusd?exchange=binance")
    assert (answer.status_code, answer.json()["nearest"]) == (404, ["kraken"])


def test_an_unknown_pair_is_answered_with_the_nearest_names(client: httpx.Client) -> None:
    answer = client.get("/metrics/dogusd")
    assert answer.status_code == 404
    assert answer.json()["nearest"][0] == "dogeusd"


def test_the_ranks_are_those_that_rank_tells(client: httpx.Client) -> None:
    for metric in ("price", "volume"):
        ranks = client.get(f"/metrics/ltcusd?metric={metric}").json()["ranks"]
        for by in ("stddev", "volatility"):
            told = client.get(f"/rank/ltcusd?by={by}&metric={metric}").json()
            assert ranks[by] == {"rank": told["rank"], "of": told["of"], "text": told["text"]}


def test_a_change_without_a_point_near_its_start_is_none_and_says_why(client: httpx.Client, market: MadeMarket) -> None:
    answer = client.get("/metrics/newusd").json()
    start = (market.minute - timedelta(days=1)).isoformat().replace("+00:00", "Z")
    assert (answer["change_24h"], answer["change_24h_note"]) == (None, f"no point lies within 15 min after {start}")
    assert client.get("/metrics/ltcusd").json()["change_24h_note"] is None


@pytest.mark.parametrize(
    ("pair", "state", "note"),
    [("haltedusd", "frozen", None), ("goneusd", "off", "there is no fresh price")],
)
def test_pairs_that_are_not_listed_are_shown_with_their_state_and_without_ranks(
    client: httpx.Client, pair: str, state: str, note: str | None
) -> None:
    answer = client.get(f"/metrics/{pair}").json()
    assert (answer["state"], answer["change_24h_note"]) == (state, note)
    assert set(answer["ranks"].values()) == {None}
    assert answer["chart"]


def test_what_was_traded_comes_from_the_exchanges_candles(client: httpx.Client, market: MadeMarket) -> None:
    answer = client.get("/metrics/ltcusd?metric=traded").json()
    (candles,) = market.candles.values()
    volumes = [candle.volume for candle in candles if market.minute - timedelta(days=1) <= candle.time]
    assert close(answer["statistics"]["mean"], statistics.fmean(volumes))
    assert close(answer["statistics"]["stddev"], statistics.stdev(volumes))
    assert [point["value"] for point in answer["chart"]] == volumes[-len(answer["chart"]) :]


def test_over_all_exchanges_the_price_is_the_median_without_the_outlier(
    client: httpx.Client, market: MadeMarket
) -> None:
    answer = client.get("/metrics/mixusd?exchange=all").json()
    kept = ("kraken", "binance", "bitstamp")
    assert answer["composite"]["outliers"] == ["gemini"]
    assert answer["price"] == statistics.median(market.newest("mixusd", exchange).price for exchange in kept)
    assert close(answer["quote_volume"], sum(market.newest("mixusd", name).quote_volume or 0 for name in kept))
    by_minute = zip(*(full_scan.day(market.of("mixusd", name), market.minute) for name in kept), strict=True)
    medians = [statistics.median(point.price for point in points) for points in by_minute]
    assert [point["value"] for point in answer["chart"]] == medians
    assert close(answer["statistics"]["stddev"], statistics.stdev(medians))
    assert close(answer["change_24h"], medians[-1] / medians[0] - 1)


def test_what_may_be_two_coins_is_not_mixed(client: httpx.Client) -> None:
    answer = client.get("/metrics/twousd?exchange=all").json()
    assert answer["composite"]["ambiguous"] is True
    assert (answer["price"], answer["quote_volume"], answer["chart"]) == (None, None, [])
    assert answer["change_24h_note"] == "the exchanges disagree: nothing is mixed"


def test_a_chart_may_have_other_windows(client: httpx.Client, market: MadeMarket) -> None:
    start = market.minute.replace(minute=0) - timedelta(hours=5)
    asked = {"from": start.isoformat(), "to": str(int((start + timedelta(hours=2)).timestamp())), "every": "10m"}
    answer = client.get("/metrics/ltcusd", params=asked).json()
    expected = {}
    for point in market.of("ltcusd"):
        if start <= point.time < start + timedelta(hours=2):
            window = point.time.replace(minute=point.time.minute // 10 * 10)
            expected[window.isoformat().replace("+00:00", "Z")] = point.price
    assert {point["time"]: point["value"] for point in answer["chart"]} == expected


def test_the_future_has_no_points(client: httpx.Client) -> None:
    assert client.get("/metrics/ltcusd?from=2090-01-01T00:00:00Z&to=2090-01-01T01:00:00Z").json()["chart"] == []


def test_without_a_database_the_answer_says_when_to_ask_again(bare_client: httpx.Client) -> None:
    answer = bare_client.get("/metrics/btcusd")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
