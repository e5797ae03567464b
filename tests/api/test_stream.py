"""GET /stream: an event for each new board."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from api.app import application
from api.board import Published
from api.reader import Status, board_path, publish, status_path
from api.service import Service
from influx.settings import Settings
from tests.api.made_board import MINUTE_S, series
from tests.api.process import running
from tests.api.served import served
from tests.eventually import eventually


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home with a board."""
    settings = Settings(home=tmp_path)
    publish(status_path(settings), Status())
    put_board(settings, MINUTE_S, 1.0)
    return settings


def put_board(settings: Settings, minute_s: int, price: float) -> None:
    """Publishes a board of two pairs."""
    publish(board_path(settings), Published(minute_s, [series("btcusd", price=price), series("ltcusd")]))


@contextmanager
def listening(client: httpx.Client, **asked: Any) -> Iterator[Iterator[str]]:
    """The events of a stream, each whole."""
    with client.stream("GET", "/stream", **asked) as answer:
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        yield events(answer.iter_text())


def events(chunks: Iterator[str]) -> Iterator[str]:
    """Whole events, beats left out."""
    text = ""
    for chunk in chunks:
        text += chunk
        while "\n\n" in text:
            event, text = text.split("\n\n", 1)
            if not event.startswith(":"):
                yield event


def data(event: str) -> dict[str, Any]:
    """What an event holds."""
    found: dict[str, Any] = msgspec.json.decode(event.split("data: ")[1])
    return found


def test_the_newest_board_comes_at_once_and_then_each_new_one(settings: Settings) -> None:
    with served(application(Service(settings))) as client, listening(client, params={"pairs": "btcusd"}) as found:
        first = next(found)
        assert first.startswith(f"event: board\nid: {MINUTE_S}\n")
        assert (data(first)["pairs"], [row["price"] for row in data(first)["metrics"]]) == (2, [1.0])
        put_board(settings, MINUTE_S + 60, 2.0)
        assert [row["price"] for row in data(next(found))["metrics"]] == [2.0]


def test_unless_told_an_event_holds_no_rows(settings: Settings) -> None:
    with served(application(Service(settings))) as client, listening(client) as found:
        assert data(next(found))["metrics"] == []


def test_who_comes_back_is_not_told_the_same_again(settings: Settings) -> None:
    with (
        served(application(Service(settings))) as client,
        listening(client, headers={"Last-Event-ID": str(MINUTE_S)}) as found,
    ):
        put_board(settings, MINUTE_S + 60, 2.0)
        assert next(found).startswith(f"event: board\nid: {MINUTE_S + 60}\n")


def test_an_unknown_pair_is_refused_before_the_stream_begins(settings: Settings) -> None:
    with served(application(Service(settings))) as client:
        assert client.get("/stream?pairs=nosuch").status_code == 404
        assert client.get("/stream?pair=btcusd").status_code == 400


def test_listeners_are_counted_while_they_listen(settings: Settings) -> None:
    service = Service(settings)

    def streams() -> float | None:
        return service.telemetry.registry.get_sample_value("coinwatch_api_streams")

    with served(application(service)) as client:
        with listening(client) as found:
            next(found)
            assert streams() == 1
        eventually(lambda: streams() == 0, "nobody listens")


def test_a_worker_that_is_told_to_end_ends_its_streams(apart: Settings) -> None:
    with running(apart, workers=1) as api:
        api.up()
        with httpx.Client(base_url=apart.api_url, timeout=20) as client, listening(client) as found:
            next(found)
            os.kill(api.process.pid, signal.SIGTERM)
            assert list(found) == []
        assert api.process.wait(timeout=8) == 0
