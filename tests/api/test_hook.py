"""POST /hooks/influxdb on the real database: who may, what is taken, and that it is logged once."""

import logging
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest

from api.app import application
from api.service import Service
from influx import tokens
from influx.settings import Settings
from tests.api.served import served

STATUS: dict[str, Any] = {
    "_check_id": "000c01a0a7c40001",
    "_check_name": "price_3x",
    "_level": "crit",
    "_message": "Alert 0.31 dogeusd",
    "_source_timestamp": 1_795_509_180_000_000_000,
    "exchange": "kraken",
    "pair": "dogeusd",
    "metric": "price",
    "price": 0.31,
    "value": 0.31,
    "mean": 0.1,
    "late": False,
}


@pytest.fixture(scope="module")
def client(influxd: Settings) -> Iterator[httpx.Client]:
    """The application over the session's database."""
    with served(application(Service(influxd))) as client:
        yield client


def post(client: httpx.Client, influxd: Settings, status: dict[str, Any], token: str = "") -> httpx.Response:
    bearer = token or tokens.read(influxd, tokens.HOOK)
    return client.post(
        "/hooks/influxdb", content=msgspec.json.encode(status), headers={"Authorization": f"Bearer {bearer!s}"}
    )


def test_a_status_is_logged_with_the_records_fields(
    client: httpx.Client, influxd: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    assert post(client, influxd, STATUS).status_code == 200
    (record,) = [record for record in caplog.records if record.name == "coinwatch.alerts"]
    assert record.levelno == logging.WARNING
    assert record.getMessage() == "Alert 0.31 dogeusd"
    members = {"exchange", "pair", "metric", "value", "mean", "ratio", "rule", "late", "time"}
    assert {name: vars(record)[name] for name in members} == {
        "exchange": "kraken",
        "pair": "dogeusd",
        "metric": "price",
        "value": 0.31,
        "mean": 0.1,
        "ratio": 0.31 / 0.1,
        "rule": "price_3x",
        "late": False,
        "time": "2026-11-24T08:33:00Z",
    }


def test_the_same_status_again_is_answered_and_not_logged(
    client: httpx.Client, influxd: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    again = STATUS | {"pair": "ltcusd"}
    assert [post(client, influxd, again).status_code for _ in range(3)] == [200, 200, 200]
    assert [record.getMessage() for record in caplog.records if record.name == "coinwatch.alerts"] == [
        "Alert 0.31 ltcusd"
    ]


@pytest.mark.parametrize("token", ["wrong", "ö"])
def test_another_token_is_refused(client: httpx.Client, influxd: Settings, token: str) -> None:
    headers = [(b"Authorization", f"Bearer {token}".encode("latin-1"))]
    answer = client.post("/hooks/influxdb", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["type"] == "/docs#problem-unauthorized"


def test_a_body_that_is_too_long_for_a_status_is_refused(client: httpx.Client, influxd: Settings) -> None:
    assert post(client, influxd, STATUS | {"_message": "x" * 70_000}).status_code == 400


def test_a_body_that_is_no_status_is_refused(client: httpx.Client, influxd: Settings) -> None:
    answer = post(client, influxd, {"_check_name": "price_3x"})
    assert answer.status_code == 400
    assert "exchange" in answer.json()["detail"]
