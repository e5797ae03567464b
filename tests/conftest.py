"""One real influxd a session, started by the first test that asks for it, brought into shape by our own setup."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from influx import server, server_process, tokens
from influx.client import Database
from influx.settings import Settings
from influx.stack import Setup
from tests.ports import free_port


@pytest.fixture(scope="session")
def influxd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of a running influxd that setup has brought into shape."""
    settings = Settings(home=tmp_path_factory.mktemp("home"), influx_port=free_port(), api_port=free_port())
    binary = server.find()
    assert binary is not None, "there is no influxd; run make influxd"
    with server_process.running(binary, settings):
        Setup(settings).run()
        yield settings


@pytest.fixture(scope="session")
def operator(influxd: Settings) -> Iterator[Database]:
    """The session's database with every right."""
    database = Database(influxd.url, influxd.influx_org, tokens.read(influxd, tokens.OPERATOR) or "", "operator")
    yield database
    database.close()


@pytest.fixture
def empty_home(tmp_path: Path) -> Settings:
    """Settings of a home and ports that only this test uses; nothing runs there yet."""
    return Settings(home=tmp_path / "home", influx_port=free_port(), api_port=free_port())


@pytest.fixture
def empty_influxd(empty_home: Settings) -> Iterator[Settings]:
    """A running influxd of the test's own that nobody has set up yet."""
    binary = server.find()
    assert binary is not None, "there is no influxd; run make influxd"
    with server_process.running(binary, empty_home):
        yield empty_home
