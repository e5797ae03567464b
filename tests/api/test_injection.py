"""Flux in parameters: values come back as data, whatever they hold; nothing of them becomes part of a query."""

import re

import httpx
import pytest

from api import coingecko
from api.app import ENDPOINTS
from tests.api.conftest import MadeMarket

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

PLACES = [
    (endpoint.path, name)
    for endpoint in (*ENDPOINTS, *coingecko.ENDPOINTS)
    for name in (*endpoint.asked.__struct_encode_fields__, "format")
]
NEEDED = {"/prices": {"pairs": "btcusd"}, "/api/v3/simple/price": {"vs_currencies": "usd"}}
NEEDED |= {path: {"vs_currency": "usd"} for path in ("/api/v3/coins/markets", "/api/v3/coins/{id}/market_chart")}


@pytest.mark.parametrize(("path", "name"), PLACES, ids=lambda value: str(value))
def test_flux_in_a_parameter_is_a_text_like_any_other(
    client: httpx.Client, market: MadeMarket, path: str, name: str
) -> None:
    for attempt in ATTEMPTS:
        address = path
        given = {"pair": "ltcusd", "id": "btc"} | ({name: attempt} if "{" + name + "}" in path else {})
        for part, value in given.items():
            address = address.replace("{" + part + "}", str(httpx.QueryParams({"x": value}))[2:].replace("+", "%20"))
        query = dict(NEEDED.get(path, {}))
        if "{" + name + "}" not in path:
            query[name] = attempt
        answer = client.get(address, params=query)
        assert answer.status_code in (200, 400, 404, 409), (attempt, answer.text)
        if answer.status_code == 200:
            assert not {"ltcusd", "dogeusd"} & set(re.findall(r'"pair":"(\w+)"', answer.text))
    assert len(client.get("/metrics/ltcusd").json()["chart"]) == 1440


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_value_that_reaches_the_database_is_compared_as_it_is(client: httpx.Client, attempt: str) -> None:
    pair = "alfa" + "".join(character for character in attempt if character.isalnum())
    answer = client.get("/alerts", params={"pair": pair})
    assert (answer.status_code, answer.json()["alerts"]) == (200, [])
