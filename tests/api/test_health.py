"""GET /healthz and GET /readyz."""

from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from api.app import application
from api.reader import ExchangeState, Status, publish, status_path
from api.service import Service
from influx.settings import Settings
from tests.api.served import served

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DOWN = ExchangeState("kraken", NOW, "down", "no route to host")


def test_the_process_answers_without_a_database(bare_client: httpx.Client) -> None:
    assert bare_client.get("/healthz").json() == {"status": "ok"}


def test_with_a_board_it_is_ready(client: httpx.Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert (answer.json()["ready"], answer.json()["board_age_s"]) == (True, 5.0)


def test_without_a_board_it_is_not_ready_and_says_why(bare_client: httpx.Client) -> None:
    answer = bare_client.get("/readyz")
    assert answer.status_code == 503
    assert "the reader has not looked yet" in answer.json()["detail"]


@pytest.mark.parametrize(("second", "said"), [("down", True), ("ok", False)])
def test_when_no_exchange_can_be_reached_it_says_so_and_names_the_simulator(
    tmp_path: Path, second: str, said: bool
) -> None:
    settings = Settings(home=tmp_path)
    states = (DOWN, ExchangeState("binance", NOW, second, "timed out"))
    publish(status_path(settings), Status(states=states))
    with served(application(Service(settings, clock=lambda: NOW.timestamp() + 60))) as client:
        detail = client.get("/readyz").json()["detail"]
    assert ("SIMULATE=1" in detail and "kraken: no route to host" in detail) is said
