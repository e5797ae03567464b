"""A simulator inside the test's process, asked without a socket, at a time that the test sets."""

import asyncio
from typing import Any

import httpx
from msgspec import json

from tests.exchange_simulator.app import make_app
from tests.exchange_simulator.journal import Request, Served
from tests.exchange_simulator.simulation import Simulation

START_S = 1_790_000_010.0  # in the middle of a minute

EVERY_PATH = {"binance": "/api/v3/ticker/24hr", "kraken": "/0/public/Ticker"}
"""The page with all tickers, of the two exchanges that the tests of the control requests use."""


class Stage:
    """The application with its clock, `now_s`."""

    def __init__(self, pairs: int, seed: int) -> None:
        self.now_s = START_S
        self.simulation = Simulation(pairs, seed, clock=lambda: self.now_s)
        self._app = httpx.ASGITransport(make_app(self.simulation))

    def ask(self, path: str, order: object = None) -> httpx.Response:
        """A GET, or the POST of an order; whatever the answer's status is."""

        async def answer() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._app, base_url="http://simulator") as client:
                return await (client.get(path) if order is None else client.post(path, json=order))

        return asyncio.run(answer())

    def get(self, path: str) -> bytes:
        answer = self.ask(path)
        assert answer.status_code == 200, answer.text
        return answer.content

    def read(self, path: str) -> Any:
        return json.decode(self.get(path))

    def order(self, name: str, **order: object) -> None:
        answer = self.ask(f"/_sim/{name}", order)
        assert answer.status_code == 204, answer.text

    def journal(self, since: object = 0) -> list[Served]:
        return json.Decoder(Served).decode_lines(self.get(f"/_sim/journal?since={since}"))

    def requests(self, since: object = 0) -> list[Request]:
        return json.Decoder(Request).decode_lines(self.get(f"/_sim/requests?since={since}"))

    def poll(self, exchange: str) -> dict[str, Served]:
        """Asks for all tickers; the quotes that the journal then has of this answer, by pair."""
        before = len(self.journal())
        self.get(f"/{exchange}{EVERY_PATH[exchange]}")
        return {quote.pair: quote for quote in self.journal()[before:]}

    def price(self, pair: str) -> float:
        """What Binance's page of one ticker says."""
        return float(self.read(f"/binance{EVERY_PATH['binance']}?symbol={pair.upper()}")["lastPrice"])
