"""GET /metrics/{pair}."""

import httpx
import pytest


@pytest.mark.parametrize("spelling", ["btcusd", "BTCUSD", "btc-usd", "btc_usd", "BTC%2FUSD", "BTC/USD"])
def test_a_pair_may_be_spelled_in_every_usual_way(client: httpx.Client, spelling: str) -> None:
    assert client.get(f"/metrics/{spelling}").json()["pair"] == "btcusd"


def test_the_chart_has_a_point_a_minute_over_24_hours(client: httpx.Client) -> None:
    chart = client.get("/metrics/ltcusd").json()["chart"]
    assert len(chart) == 1440


def test_an_unknown_pair_is_answered_with_the_nearest_names(client: httpx.Client) -> None:
    answer = client.get("/metrics/dogusd")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["nearest"][0] == "dogeusd"


@pytest.mark.parametrize("text", ["%00", "btc%0ausd", "<script>", "x" * 65, "x" * 10_000])
def test_what_can_not_be_a_pair_is_malformed(client: httpx.Client, text: str) -> None:
    answer = client.get(f"/metrics/{text}")
    assert answer.status_code == 400
    assert "such as btcusd" in answer.json()["detail"]


def test_without_a_database_the_answer_says_when_to_ask_again(bare_client: httpx.Client) -> None:
    answer = bare_client.get("/metrics/btcusd")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
