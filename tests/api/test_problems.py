"""Every error has the members of RFC 9457, whatever path it comes from."""

import httpx
import pytest

from api.app import ENDPOINTS
from api.problems import KINDS

MEMBERS = {"type", "title", "status", "detail", "instance"}


@pytest.mark.parametrize("path", [endpoint.path for endpoint in ENDPOINTS])
def test_a_wrong_parameter_is_a_problem_on_every_path(client: httpx.Client, path: str) -> None:
    asked = path.replace("{pair}", "btcusd")
    answer = client.get(asked, params={"nosuch": "1"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert set(answer.json()) == MEMBERS
    assert (answer.json()["status"], answer.json()["instance"]) == (400, asked)
    assert "'nosuch' is no parameter here; accepted: " in answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [endpoint.path for endpoint in ENDPOINTS if endpoint.path not in ("/healthz", "/exchanges", "/alerts/rules")],
)
def test_without_board_and_database_every_path_says_when_to_ask_again(bare_client: httpx.Client, path: str) -> None:
    asked = path.replace("{pair}", "btcusd")
    answer = bare_client.get(asked, params={"pairs": "btcusd"} if path == "/prices" else {})
    assert (answer.status_code, answer.json()["type"]) == (503, "/docs#problem-away")
    assert int(answer.headers["retry-after"]) >= 1


def test_kinds_are_told_apart() -> None:
    assert len({kind.kind for kind in KINDS}) == len(KINDS) == len({kind.title for kind in KINDS})
