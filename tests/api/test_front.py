"""What every request passes: ids, tags, packing, CSV, limits, keys, origins, errors."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from starlette.routing import Router

from api import health, keys
from api.app import application
from api.endpoint import Endpoint
from api.front import Front
from api.service import Service
from tests.api.conftest import MadeMarket
from tests.api.served import served


@contextmanager
def client_with(market: MadeMarket, **settings: Any) -> Iterator[httpx.Client]:
    """The application over the made market, with other settings."""
    changed = msgspec.structs.replace(market.settings, **settings)
    with served(application(Service(changed, clock=lambda: market.minute.timestamp() + 5))) as client:
        yield client


@pytest.mark.parametrize("path", ["/metrics", "/metrics/ltcusd", "/rank/ltcusd", "/prices?pairs=btcusd"])
def test_the_same_question_before_the_next_board_costs_a_304(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(("tag", "status"), [('"other"', 200), ('"other", {tag}', 304), ("W/{tag}", 304), ("*", 304)])
def test_tags_are_compared_as_http_says(client: httpx.Client, tag: str, status: int) -> None:
    etag = client.get("/rank/ltcusd").headers["etag"]
    asked = {"If-None-Match": tag.replace("{tag}", etag)}
    assert client.get("/rank/ltcusd", headers=asked).status_code == status


def test_each_form_has_a_tag_of_its_own(client: httpx.Client) -> None:
    forms = [{"Accept-Encoding": "identity"}, {"Accept-Encoding": "gzip"}, {"Accept": "text/csv"}]
    answers = [client.get("/metrics/ltcusd", headers=form) for form in forms]
    assert len({answer.headers["etag"] for answer in answers}) == 3
    assert all(answer.headers["vary"] == "accept, accept-encoding" for answer in answers)


def test_answers_are_packed_where_they_are_long(client: httpx.Client) -> None:
    plain = client.get("/metrics/ltcusd", headers={"Accept-Encoding": "identity"})
    with client.stream("GET", "/metrics/ltcusd", headers={"Accept-Encoding": "gzip"}) as packed:
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(b"".join(packed.iter_raw())) == plain.content
    assert "content-encoding" not in client.get("/rank/ltcusd", headers={"Accept-Encoding": "gzip"}).headers


@pytest.mark.parametrize("how", [{"headers": {"Accept": "text/csv"}}, {"params": {"format": "csv"}}])
def test_a_list_can_be_had_as_csv(client: httpx.Client, how: dict[str, Any]) -> None:
    answer = client.get("/metrics", **how)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    lines = answer.text.splitlines()
    assert lines[0].startswith("pair,base,quote,exchange,exchanges,price,volume,quote_volume")
    assert len(lines) == 1 + len(client.get("/metrics").json()["metrics"])


def test_tiny_prices_keep_their_digits_in_every_form(client: httpx.Client, market: MadeMarket) -> None:
    price = market.newest("pepeusd", "binance").price
    assert 0 < price < 1e-5
    assert client.get("/metrics/pepeusd").json()["price"] == price
    (line,) = [line for line in client.get("/metrics?format=csv").text.splitlines() if line.startswith("pepeusd,")]
    assert float(line.split(",")[5]) == price


def test_an_answer_holds_until_the_next_board(client: httpx.Client) -> None:
    assert client.get("/metrics").headers["cache-control"] == "public, max-age=67"
    assert client.get("/readyz").headers["cache-control"] == "no-store"


def test_a_decent_request_id_is_kept_and_another_replaced(client: httpx.Client) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "mine-1"}).headers["x-request-id"] == "mine-1"
    made = {
        client.get("/rank/ltcusd", headers={"X-Request-ID": "not decent"}).headers["x-request-id"] for _ in range(3)
    }
    assert len(made) == 3
    assert "not decent" not in made


def test_long_lists_come_in_pages_that_lead_to_each_other(client: httpx.Client) -> None:
    whole = [row["pair"] for row in client.get("/metrics").json()["metrics"]]
    gathered: list[str] = []
    address = "/metrics?per_page=5"
    while address:
        page = client.get(address)
        gathered += [row["pair"] for row in page.json()["metrics"]]
        address = page.links["next"]["url"] and "/metrics" + page.links["next"]["url"] if "next" in page.links else ""
    assert gathered == whole
    assert page.links["first"]["url"] == "?per_page=5&page=1"
    assert page.json()["total"] == len(whole)


def test_a_client_that_asks_too_often_gets_429_from_every_path_but_the_probes(
    market: MadeMarket, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with client_with(market, home=home, api_rate=2) as client:
        answers = [client.get("/metrics") for _ in range(3)]
        assert answers[0].headers["ratelimit-limit"] == "2"
        assert answers[2].status_code == 429
        assert int(answers[2].headers["retry-after"]) <= 60
        assert answers[2].json()["detail"] == "at most 2 requests a minute are answered"
        assert client.get("/healthz").status_code == 200


def test_with_keys_only_those_who_have_one_are_answered(market: MadeMarket, tmp_path: Path) -> None:
    key = keys.add(tmp_path / "keys", "ann")
    with client_with(market, api_keys=str(tmp_path / "keys")) as client:
        refused = client.get("/metrics")
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Bearer realm="coinwatch"')
        assert client.get("/metrics", headers={"X-API-Key": "wrong"}).status_code == 401
        answer = client.get("/metrics", headers={"X-API-Key": key})
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, max-age=67")
        assert client.get("/metrics").status_code == 401
        assert [client.get(path).status_code for path in ("/healthz", "/docs", "/openapi.json")] == [200] * 3


def test_a_page_of_an_allowed_origin_may_read_answers_and_errors(market: MadeMarket) -> None:
    with client_with(market, api_origins=["https://a.example"]) as client:
        for path in ("/metrics", "/metrics", "/metrics/nosuchpair"):
            answer = client.get(path, headers={"Origin": "https://a.example"})
            assert answer.headers["access-control-allow-origin"] == "https://a.example"
        other = client.get("/metrics", headers={"Origin": "https://b.example"})
        assert "access-control-allow-origin" not in other.headers
        assert "origin" in other.headers["vary"]


def test_a_browser_that_asks_first_is_answered(market: MadeMarket) -> None:
    asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}
    with client_with(market, api_origins=["*"]) as client:
        answer = client.options("/metrics", headers=asked)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "*")
        assert "X-API-Key" in answer.headers["access-control-allow-headers"]
    with client_with(market) as client:
        assert client.options("/metrics", headers=asked).status_code == 405


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_method_that_is_not_offered_is_answered_with_those_that_are(client: httpx.Client, method: str) -> None:
    answer = client.request(method, "/metrics")
    assert (answer.status_code, answer.json()["type"]) == (405, "/docs#problem-not-offered")
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_an_unknown_path_is_a_problem_too(client: httpx.Client) -> None:
    answer = client.get("/no/such/path")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["instance"] == "/no/such/path"


def test_head_is_get_without_a_body(client: httpx.Client) -> None:
    assert client.head("/metrics").headers["etag"] == client.get("/metrics").headers["etag"]
    assert client.head("/metrics").content == b""


def broken(service: Service, asked: health.Asked) -> health.Health:
    """An endpoint with a fault."""
    raise RuntimeError("a secret of the inside")


def test_a_fault_of_ours_is_told_by_its_id_and_logged_with_it(
    market: MadeMarket, caplog: pytest.LogCaptureFixture
) -> None:
    service = Service(market.settings)
    app = Front(Router([Endpoint("/broken", broken).route(service)]), service)
    with served(app) as client:
        answer = client.get("/broken", headers={"X-Request-ID": "the-id"})
    assert (answer.status_code, answer.headers["x-request-id"]) == (500, "the-id")
    assert "secret" not in answer.text
    assert "X-Request-ID" in answer.json()["detail"]
    assert "request the-id failed: GET '/broken'" in caplog.text
