"""Flux in parameters: values come back as data, whatever they hold; nothing of them becomes part of a query."""

import re

import httpx
import pytest

from tests.api.conftest import MadeMarket
from tests.api.test_openapi import OPERATIONS

ATTEMPTS = [
    '") |> drop()',
    '" or true or r.pair == "',
    "${string(v: now())}",
    'x"})\nfrom(bucket: "quotes") |> to(bucket: "alerts")//',
    "\\",
    "params.pair",
    '"); import "influxdata/influxdb/secrets" secrets.get(key: "coinwatch-hook") ("',
    "' OR 1=1 --",
]

PLACES = [(path, one["in"], one["name"]) for path, of in OPERATIONS.items() for one in of["parameters"]]
NEEDED = {"/prices": {"pairs": "btcusd"}, "/api/v3/simple/price": {"vs_currencies": "usd"}}
NEEDED |= {path: {"vs_currency": "usd"} for path in ("/api/v3/coins/markets", "/api/v3/coins/{id}/market_chart")}


def addressed(path: str, given: dict[str, str]) -> str:
    """A path with its parts filled in."""
    for part, value in ({"pair": "ltcusd", "id": "btc"} | given).items():
        path = path.replace("{" + part + "}", str(httpx.QueryParams({"x": value}))[2:].replace("+", "%20"))
    return path


@pytest.mark.parametrize("path", OPERATIONS)
def test_without_flux_every_endpoint_answers_what_is_asked_below(client: httpx.Client, path: str) -> None:
    address = addressed(path, {})
    assert "{" not in address
    answer = client.get(address, params=NEEDED.get(path, {}))
    assert answer.status_code in ((200, 503) if path == "/readyz" else (200,)), answer.text


@pytest.mark.parametrize(("path", "place", "name"), PLACES)
def test_flux_in_a_parameter_is_a_text_like_any_other(
    client: httpx.Client, market: MadeMarket, path: str, place: str, name: str
) -> None:
    for attempt in ATTEMPTS:
        in_path, in_query = ({name: attempt}, {}) if place == "path" else ({}, {name: attempt})
        answer = client.get(addressed(path, in_path), params=NEEDED.get(path, {}) | in_query)
        assert answer.status_code in (200, 400, 404, 409), (attempt, answer.text)
        if answer.status_code == 200:
            assert not {"ltcusd", "dogeusd"} & set(re.findall(r'"pair":"(\w+)"', answer.text))
    assert len(client.get("/metrics/ltcusd").json()["chart"]) == 1440


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_flux_is_no_pair_of_a_stream(client: httpx.Client, attempt: str) -> None:
    assert client.get("/stream", params={"pairs": attempt}).status_code in (400, 404)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_value_that_reaches_the_database_is_compared_as_it_is(client: httpx.Client, attempt: str) -> None:
    pair = "alfa" + "".join(character for character in attempt if character.isalnum())
    answer = client.get("/alerts", params={"pair": pair})
    assert (answer.status_code, answer.json()["alerts"]) == (200, [])
