"""Where the contenders of a benchmark meet: one influxd, one exchange; handed on in the environment."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct

from influx import schema, server, server_process, tokens
from influx.client import Database
from influx.settings import Settings
from influx.stack import Listing
from tests.exchange_simulator.running import simulator
from tests.ports import free_port


class Place(Struct, frozen=True):
    """An influxd that is set up, and the address that takes an exchange's place."""

    home: Path
    influx_port: int
    exchange_url: str

    @property
    def settings(self) -> Settings:
        """The settings of the influxd."""
        return Settings(home=self.home, influx_port=self.influx_port)

    def database(self) -> Database:
        """The database with every right."""
        settings = self.settings
        return Database(settings.url, settings.influx_org, tokens.read(settings, tokens.OPERATOR) or "", timeout_s=120)

    def environ(self) -> dict[str, str]:
        """The environment of a contender's process."""
        place = {"HOME": str(self.home), "INFLUX_PORT": str(self.influx_port), "EXCHANGE_URL": self.exchange_url}
        return os.environ | {f"BENCH_{name}": value for name, value in place.items()}


@contextmanager
def place(pairs: int) -> Iterator[Place]:
    """An influxd with nothing but the buckets, so that no task takes its time, and a simulated Binance."""
    with tempfile.TemporaryDirectory() as home, simulator(pairs) as exchanges:
        settings = Settings(home=Path(home), influx_port=free_port())
        with server_process.running(server.find_or_build(print), settings):
            set_up(settings)
            yield Place(Path(home), settings.influx_port, exchanges.exchange_url("binance"))


def set_up(settings: Settings) -> None:
    """One token with every right takes the place of all."""
    token = secrets.token_urlsafe(32)
    user = {"username": "bench", "password": token, "token": token}
    database = Database(settings.url, settings.influx_org, token)
    database.request("POST", "setup", Any, {**user, "org": settings.influx_org, "bucket": schema.QUOTES.name})
    org = database.request("GET", "orgs", Listing).orgs[0].id
    database.request("POST", "buckets", Any, {"orgID": org, "name": schema.EVENTS.name, "retentionRules": []})
    database.close()
    for name in (tokens.OPERATOR, tokens.COLLECTOR.name):
        tokens.keep(settings, name, token)


def here() -> Place:
    """The place of this process."""
    return Place(Path(os.environ["BENCH_HOME"]), int(os.environ["BENCH_INFLUX_PORT"]), os.environ["BENCH_EXCHANGE_URL"])
