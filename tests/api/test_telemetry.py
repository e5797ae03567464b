"""/telemetry: what is counted, of all workers together."""

import re

import httpx

from api.app import ENDPOINTS
from influx.settings import Settings
from tests.api.conftest import MadeMarket
from tests.api.process import running
from tests.eventually import eventually


def sample(text: str, name: str, **labels: str) -> float:
    """A sample's value, 0 where there is none."""
    for line in text.splitlines():
        if line.startswith((name + "{", name + " ")):
            found = dict(re.findall(r'(\w+)="([^"]*)"', line))
            if labels.items() <= found.items():
                return float(line.rsplit(" ", 1)[1])
    return 0


def test_requests_are_counted_by_route_status_and_how_they_were_answered(client: httpx.Client) -> None:
    def count(status: str, how: str) -> float:
        text = client.get("/telemetry").text
        name = "coinwatch_api_request_duration_seconds_count"
        return sample(text, name, route="/rank/{pair}", status=status, how=how)

    before = [count("200", "made"), count("200", "kept"), count("304", "kept"), count("404", "made")]
    etag = client.get("/rank/ltcusd?by=mean").headers["etag"]
    client.get("/rank/ltcusd?by=mean")
    client.get("/rank/ltcusd?by=mean", headers={"If-None-Match": etag})
    client.get("/rank/nosuch")
    after = [count("200", "made"), count("200", "kept"), count("304", "kept"), count("404", "made")]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 1, 1]


def test_every_route_is_there_before_the_first_request(apart: Settings) -> None:
    with running(apart, workers=1) as api:
        api.up()
        text = httpx.get(f"{apart.api_url}/telemetry").text
    for endpoint in ENDPOINTS:
        assert f'route="{endpoint.path}"' in text


def test_queries_and_the_board_are_told(client: httpx.Client, market: MadeMarket) -> None:
    client.get("/metrics/ltcusd")
    text = client.get("/telemetry").text
    assert sample(text, "coinwatch_api_query_duration_seconds_count", query="chart", outcome="ok") >= 1
    assert sample(text, "coinwatch_api_board_age_seconds") == 5
    assert sample(text, "coinwatch_api_database_up") == 1
    assert sample(text, "coinwatch_api_frozen_series") == 1


def test_workers_are_counted_together_and_share_one_query_a_board(apart: Settings) -> None:
    with running(apart, workers=2) as api:
        api.up()
        for _ in range(30):  # each on a connection of its own, so that every worker has some
            assert httpx.get(f"{apart.api_url}/rank/ltcusd").status_code == 200

        def answered() -> float:
            text = httpx.get(f"{apart.api_url}/telemetry").text
            name = "coinwatch_api_request_duration_seconds_count"
            return sum(sample(text, name, route="/rank/{pair}", how=how) for how in ("made", "kept"))

        eventually(lambda: answered() >= 30, "all workers' requests")
        text = httpx.get(f"{apart.api_url}/telemetry").text
        assert sample(text, "coinwatch_api_boards_total") <= 2
        assert sample(text, "coinwatch_api_query_duration_seconds_count", query="board") == 0
