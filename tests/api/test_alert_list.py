"""GET /alerts."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.alert import Alert
from influx import tokens
from influx.client import Database
from tests.api.conftest import MadeMarket


@pytest.fixture(scope="module")
def alerts(market: MadeMarket) -> Iterator[list[Alert]]:
    """Alerts of the made market, the newest first."""
    token = tokens.read(market.settings, tokens.OPERATOR) or ""
    database = Database(market.settings.url, market.settings.influx_org, token)
    minute_ns = int(market.minute.timestamp()) * 10**9
    made = [
        Alert(
            exchange="kraken",
            pair=pair,
            metric=metric,
            rule="three",
            time_ns=minute_ns - int(timedelta(hours=hours).total_seconds()) * 10**9,
            price=6.44e-06,
            value=9.0,
            mean=3.0,
            ratio=3.0,
            late=hours > 1,
        )
        for hours, (pair, metric) in enumerate([("alfausd", "price"), ("betausd", "volume"), ("alfausd", "traded")])
    ]
    old = Alert("kraken", "gammausd", "price", "three", minute_ns - 30 * 86_400 * 10**9, 1.0, 9.0, 3.0, 3.0, False)
    database.write("alerts", "\n".join(alert.line for alert in [*made, old]).encode())
    yield made
    database.close()


def listed(client: httpx.Client, **asked: str) -> list[dict[str, Any]]:
    """The alerts of an answer that are the fixture's."""
    found: list[dict[str, Any]] = client.get("/alerts", params=asked).json()["alerts"]
    return [row for row in found if row["rule"] == "three"]


def test_alerts_come_with_their_record_the_newest_first(
    client: httpx.Client, market: MadeMarket, alerts: list[Alert]
) -> None:
    found = listed(client)
    assert [row["pair"] for row in found] == [alert.pair for alert in alerts]
    assert found[0] == {
        "time": market.minute.isoformat().replace("+00:00", "Z"),
        "exchange": "kraken",
        "pair": "alfausd",
        "metric": "price",
        "rule": "three",
        "price": 6.44e-06,
        "value": 9.0,
        "mean": 3.0,
        "ratio": 3.0,
        "late": False,
    }
    assert found[2]["late"] is True


@pytest.mark.parametrize(
    ("asked", "pairs"),
    [
        ({"pair": "ALFA-USD"}, ["alfausd", "alfausd"]),
        ({"metric": "volume"}, ["betausd"]),
        ({"pair": "alfausd", "metric": "price"}, ["alfausd"]),
        ({"pair": "nosuchusd"}, []),
        ({"per_page": "1", "page": "2"}, ["betausd"]),
    ],
)
def test_alerts_can_be_narrowed(
    client: httpx.Client, alerts: list[Alert], asked: dict[str, str], pairs: list[str]
) -> None:
    assert [row["pair"] for row in listed(client, **asked)] == pairs


def test_since_reaches_further_back_than_a_week(client: httpx.Client, market: MadeMarket, alerts: list[Alert]) -> None:
    since = (market.minute - timedelta(days=31)).isoformat()
    assert [row["pair"] for row in listed(client, since=since)][-1] == "gammausd"
    assert listed(client, since=market.minute.isoformat())[-1]["pair"] == "alfausd"
    assert listed(client, since="2090-01-01T00:00:00Z") == []
