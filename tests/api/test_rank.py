"""GET /rank and GET /rank/{pair}; what a rank is stands in test_ranking.py and test_full_scan.py."""

import httpx
import pytest


def test_a_rank_is_told_with_its_population(client: httpx.Client) -> None:
    answer = client.get("/rank/dogeusd").json()
    assert (answer["pair"], answer["by"], answer["metric"]) == ("dogeusd", "stddev", "price")
    assert answer["text"] == f"{answer['rank']}/{answer['of']}"
    assert answer["among"] == "all pairs, each by its main exchange"


def test_the_leaderboard_begins_with_the_first(client: httpx.Client) -> None:
    ranks = client.get("/rank?by=volatility").json()["ranks"]
    assert [row["rank"] for row in ranks] == sorted(row["rank"] for row in ranks)
    assert ranks[0]["rank"] == 1


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/rank/haltedusd", "haltedusd is neither listed nor ranked: it has not moved for 24 h"),
        ("/rank/goneusd", "goneusd is neither listed nor ranked: it has had no fresh quote lately"),
        ("/rank/oneusd", "oneusd has no stddev of price among all pairs, each by its main exchange"),
        ("/rank/btceur?among=usd", "btceur has no stddev of price among pairs in usd, each by its main exchange"),
        ("/rank/dogeusd?among=binance", "dogeusd has no stddev of price among pairs on binance"),
    ],
)
def test_a_pair_that_is_not_ranked_is_told_why(client: httpx.Client, path: str, said: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["detail"]) == (404, said)
