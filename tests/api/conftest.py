"""A database of its own with a known market and its board, and the application over it at a fixed time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import httpx
import msgspec
import pytest

from api.app import application
from api.link import Link
from api.reader import Status, board_path, publish, read_board, status_path
from api.service import Service
from influx import server, server_process, tokens
from influx.client import Database
from influx.settings import Settings
from influx.stack import Setup
from tests.api.made_market import Candles, Market, Point, candle_lines, candles_of, key, lines, make_board, walk
from tests.api.served import served
from tests.ports import free_port

HOLE = range(300, 420)
"""How many minutes back those lie of which the exchange gave no candles: none of them in the last hour."""


class MadeMarket(NamedTuple):
    """What the database holds, and at which minute its board was made."""

    settings: Settings
    minute: datetime
    points: Market
    candles: Candles

    def newest(self, pair: str, exchange: str = "kraken") -> Point:
        """A pair's newest point on an exchange."""
        return self.of(pair, exchange)[-1]

    def of(self, pair: str, exchange: str = "kraken") -> list[Point]:
        """A pair's points on an exchange."""
        return next(points for tags, points in self.points.items() if (tags.pair, tags.exchange) == (pair, exchange))


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeMarket]:
    """A running database that holds the made market and its board."""
    settings = Settings(home=tmp_path_factory.mktemp("market"), influx_port=free_port(), api_port=free_port())
    binary = server.find()
    assert binary is not None, "there is no influxd; run make influxd"
    minute = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=1)
    with server_process.running(binary, settings):
        Setup(settings).run()
        points = made_points(minute)
        database = Database(settings.url, settings.influx_org, tokens.read(settings, tokens.OPERATOR) or "")
        litecoin = key("ltc", "usd", "kraken")
        candles = {litecoin: candles_of("ltc", points[litecoin], HOLE)}
        database.write("quotes", lines(points))
        database.write("quotes", candle_lines(candles))
        make_board(database, minute)
        publish(board_path(settings), read_board(Link(settings), minute))
        publish(status_path(settings), Status())
        yield MadeMarket(settings, minute, points, candles)
        database.close()


def made_points(minute: datetime) -> Market:
    """Pairs of every kind that an answer must be right about."""
    halted = [Point(minute - timedelta(minutes=ago), 5.0, 10.0, 50.0) for ago in range(1500, -1, -1)]
    return {
        key("btc", "usd", "kraken"): list(walk("btc kraken", minute, 87_000, 900)),
        key("btc", "usd", "binance"): list(walk("btc binance", minute, 87_010, 9_000)),
        key("btc", "eur", "kraken"): list(walk("btc eur", minute, 75_000, 400)),
        key("eur", "usd", "kraken"): list(walk("eur", minute, 1.16, 5e6, swing=1e-5)),
        key("ltc", "usd", "kraken"): list(walk("ltc", minute, 84, 20_000)),
        key("doge", "usd", "kraken"): list(walk("doge", minute, 0.31, 3e7)),
        key("pepe", "usd", "binance"): list(walk("pepe", minute, 6.44e-06, 8e12)),
        key("eth", "btc", "binance"): list(walk("eth", minute, 0.034, 30_000)),
        key("new", "usd", "kraken"): list(walk("new", minute, 2.5, 1000, hours=2)),
        key("one", "usd", "kraken"): [Point(minute, 3.0, 70.0, 210.0)],
        key("quiet", "usd", "kraken"): [
            Point(minute - timedelta(hours=3), 3.0, None, None),
            Point(minute, 3.5, None, None),
        ],
        key("mix", "usd", "kraken"): list(walk("mix kraken", minute, 10, 500)),
        key("mix", "usd", "binance"): list(walk("mix binance", minute, 10.01, 400)),
        key("mix", "usd", "bitstamp"): list(walk("mix bitstamp", minute, 10.02, 300)),
        key("mix", "usd", "gemini"): list(walk("mix gemini", minute, 11.2, 200)),
        key("two", "usd", "kraken"): list(walk("two kraken", minute, 10, 500)),
        key("two", "usd", "binance"): list(walk("two binance", minute, 13, 400)),
        key("gone", "usd", "kraken"): list(walk("gone", minute - timedelta(minutes=16), 7, 100, hours=20)),
        key("halted", "usd", "kraken"): halted,
    }


@pytest.fixture(scope="session")
def client(market: MadeMarket) -> Iterator[httpx.Client]:
    """The application five seconds after the board's minute."""
    service = Service(market.settings, clock=lambda: market.minute.timestamp() + 5)
    with served(application(service)) as client:
        yield client


@pytest.fixture
def bare_client(tmp_path: Path) -> Iterator[httpx.Client]:
    """The application where there is neither database nor token nor board."""
    with served(application(Service(Settings(home=tmp_path, influx_port=free_port())))) as client:
        yield client


@pytest.fixture
def apart(market: MadeMarket, tmp_path: Path) -> Settings:
    """The made market's database, with a home and a port of the test's own."""
    settings = msgspec.structs.replace(market.settings, home=tmp_path / "home", api_port=free_port())
    tokens.keep(settings, tokens.API.name, tokens.read(market.settings, tokens.API.name) or "")
    return settings
