"""With the database away: the last board is served and says so, charts say when to ask again; then all by itself."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from influx import tokens
from influx.client import Database
from influx.settings import Settings
from influx.stack import Setup
from tests.api.made_market import key, lines, make_board, walk
from tests.api.process import Api, running
from tests.eventually import eventually
from tests.ports import free_port
from tests.restartable import Influxd


@pytest.fixture
def influxd(tmp_path: Path) -> Iterator[Influxd]:
    """A database of the test's own with dogeusd and its board."""
    settings = Settings(home=tmp_path / "home", influx_port=free_port(), api_port=free_port())
    with Influxd(settings) as influxd:
        Setup(settings).run()
        token = tokens.read(settings, tokens.OPERATOR) or ""
        database = Database(settings.url, settings.influx_org, token)
        minute = datetime.now(UTC).replace(second=0, microsecond=0)
        database.write("quotes", lines({key("doge", "usd", "kraken"): list(walk("doge", minute, 0.31, 3e7))}))
        make_board(database, minute)
        database.close()
        yield influxd


@pytest.fixture
def api(influxd: Influxd) -> Iterator[Api]:
    """The API on it, as a process."""
    with running(influxd.settings, workers=2) as api:
        api.up()
        yield api


@pytest.fixture
def client(api: Api, influxd: Influxd) -> Iterator[httpx.Client]:
    """A client of it, that takes a new connection each time and so meets both workers."""
    limits = httpx.Limits(max_keepalive_connections=0)
    with httpx.Client(base_url=influxd.settings.api_url, timeout=30, limits=limits) as client:
        yield client


def test_the_last_board_is_served_and_says_that_it_is_stale_until_the_database_is_back(
    influxd: Influxd, client: httpx.Client
) -> None:
    assert client.get("/metrics").json()["stale"] is False
    assert client.get("/metrics/dogeusd?window=1h").status_code == 200
    influxd.kill()
    stale = eventually(lambda: (answer := client.get("/metrics")).json()["stale"] and answer, "a stale answer")
    assert stale.status_code == 200
    assert [row["pair"] for row in stale.json()["metrics"]] == ["dogeusd"]
    assert stale.json()["age_s"] > 0
    assert stale.headers["warning"].startswith('110 coinwatch "the board is ')
    assert "no answer from" in stale.headers["warning"]
    eventually(lambda: all(client.get("/rank/dogeusd").json()["stale"] for _ in range(10)), "stale ranks alone")
    for path in ("/metrics/dogeusd", "/metrics/dogeusd?window=1h", "/pairs/dogeusd/candles", "/alerts"):
        away = client.get(path)
        assert (away.status_code, away.json()["type"]) == (503, "/docs#problem-away"), path
        assert int(away.headers["retry-after"]) >= 1
    assert "no answer from" in client.get("/readyz").json()["database"]
    influxd.start()
    eventually(lambda: client.get("/metrics").json()["stale"] is False, "a fresh answer")
    eventually(lambda: client.get("/metrics/dogeusd?window=1h").status_code == 200, "a chart")


def test_a_started_api_serves_the_board_of_before_while_the_database_is_away(influxd: Influxd) -> None:
    with running(influxd.settings, workers=1) as api:
        api.up()
    influxd.kill()
    with running(influxd.settings, workers=1) as api:
        assert api.up().startswith("coinwatch is up: ")
        answer = httpx.get(f"{influxd.settings.api_url}/metrics")
    assert (answer.status_code, answer.json()["stale"]) == (200, True)


def test_an_api_that_was_there_first_takes_the_database_up_without_a_restart(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", influx_port=free_port(), api_port=free_port())
    with running(settings, workers=1) as api:
        eventually(lambda: _status(settings, "/healthz") == 200, "the API answers")
        assert _status(settings, "/metrics") == 503
        with Influxd(settings):
            Setup(settings).run()
            token = tokens.read(settings, tokens.OPERATOR) or ""
            database = Database(settings.url, settings.influx_org, token)
            minute = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=1)
            database.write("quotes", lines({key("doge", "usd", "kraken"): list(walk("doge", minute, 0.31, 3e7))}))
            make_board(database, minute)
            database.close()
            eventually(lambda: _status(settings, "/metrics/dogeusd") == 200, "data")
            assert api.up()


def _status(settings: Settings, path: str) -> int:
    try:
        return httpx.get(settings.api_url + path).status_code
    except httpx.TransportError:
        return 0


def test_a_database_that_hangs_does_not_make_the_list_hang(influxd: Influxd, client: httpx.Client) -> None:
    influxd.pause()
    try:
        started = datetime.now(UTC)
        for _ in range(20):
            assert client.get("/metrics").status_code == 200
        assert datetime.now(UTC) - started < timedelta(seconds=5)
    finally:
        influxd.go_on()
