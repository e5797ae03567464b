"""GET /exchanges."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from api.app import application
from api.board import Published
from api.reader import ExchangeState, Status, board_path, publish, status_path
from api.service import Service
from influx.settings import Settings
from tests.api.made_board import MINUTE_S, series
from tests.api.served import served

THEN = datetime.fromtimestamp(MINUTE_S, UTC)
STILL = {"price_min": 1.0, "price_max": 1.0, "volume_min": 1.0, "volume_max": 1.0, "volume_count": 1440.0}


def test_exchanges_come_with_their_states_and_what_they_have_on_the_board(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    frozen = msgspec.structs.replace(series("haltusd", "kraken", price_count=1440.0), **STILL)
    rows = [series("btcusd", "kraken", quote_volume=5.0), series("ltcusd", "kraken", quote_volume=7.0), frozen]
    publish(board_path(settings), Published(MINUTE_S, [*rows, series("btcusd", "gemini")]))
    states = (
        ExchangeState("binance", THEN, "banned", "HTTP 418", "2026-11-24T13:00:00Z"),
        ExchangeState("kraken", THEN, "ok"),
    )
    publish(status_path(settings), Status(states=states))
    with served(application(Service(settings, clock=lambda: MINUTE_S + 5))) as client:
        answer = client.get("/exchanges").json()
    found = {row.pop("exchange"): row for row in answer["exchanges"]}
    assert list(found) == ["binance", "gemini", "kraken"]
    assert (
        found["binance"] | {"state": "banned", "reason": "HTTP 418", "until": "2026-11-24T13:00:00Z"}
        == found["binance"]
    )
    assert (found["gemini"]["state"], found["gemini"]["time"]) == ("unknown", None)
    assert [found["kraken"][name] for name in ("state", "pairs", "frozen", "quote_volume")] == ["ok", 2, 1, 12.0]
    assert answer["volume_currency"] == "usd"


def test_without_a_board_the_states_are_told_all_the_same(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    publish(status_path(settings), Status(states=(ExchangeState("kraken", THEN, "down", "no route"),)))
    with served(application(Service(settings))) as client:
        (row,) = client.get("/exchanges").json()["exchanges"]
    assert (row["exchange"], row["state"], row["reason"], row["pairs"]) == ("kraken", "down", "no route", 0)
