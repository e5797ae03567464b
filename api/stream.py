"""GET /stream: an event for each new board, as they come (server-sent events).

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
from datetime import datetime

import msgspec
from msgspec import Struct
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api import parameters
from api.asked import find_market
from api.board import Board
from api.call import MEMBER, Call
from api.encoded import Headers
from api.metrics import PairRow, pair_row
from api.prices import names
from api.service import Service

PATH = "/stream"
LOOK_EVERY_S = 0.25
BEAT_EVERY_S = 15.0
BEAT = b": still here\n\n"
HEADERS: Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class Asked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which pairs' rows each event holds, none unless told."""

    pairs: str | None = None


class BoardEvent(Struct, frozen=True):
    """A new board: its minute, how many pairs are listed, and the rows that were asked for."""

    time: datetime
    pairs: int
    metrics: list[PairRow]


class Bell:
    """Rings in a worker when there is a new board; looks only while somebody listens."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._rung = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._listeners = 0

    async def wait(self) -> None:
        """Returns when there is a new board, or the worker is about to end."""
        self._listeners += 1
        try:
            if self._task is None or self._task.done():
                self._task = asyncio.create_task(self._look())
            await self._rung.wait()
        finally:
            self._listeners -= 1

    async def _look(self) -> None:
        shelf = self.service.shelf
        seen = shelf.board
        while self._listeners and not self.service.stopping:
            await asyncio.sleep(LOOK_EVERY_S)
            shelf.look()
            if shelf.board is not seen:
                seen = shelf.board
                self._ring()
        self._ring()

    def _ring(self) -> None:
        self._rung.set()
        self._rung = asyncio.Event()


class Stream:
    """The endpoint of one worker."""

    def __init__(self, service: Service) -> None:
        self.service, self.bell = service, Bell(service)

    def route(self) -> Route:
        """The route that serves it."""
        return Route(PATH, self, methods=["GET"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the newest board at once, then each new one, until the client or the worker goes."""
        call: Call = scope[MEMBER]
        call.route = PATH
        asked, _ = parameters.read(scope["query_string"], {}, Asked)
        board = self.service.shelf.require_board()
        pairs = [] if asked.pairs is None else names("pairs", asked.pairs)
        for pair in pairs:
            find_market(board, pair, unlisted=True)
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        gone = asyncio.create_task(_gone(receive))
        with self.service.telemetry.streams.track_inprogress():
            try:
                await self._boards(pairs, call.given.get(b"last-event-id", b""), gone, send)
            finally:
                gone.cancel()
        await send({"type": "http.response.body", "body": b""})

    async def _boards(self, pairs: list[str], seen: bytes, gone: asyncio.Task[None], send: Send) -> None:
        while not gone.done() and not self.service.stopping:
            board = self.service.shelf.board
            chunk = BEAT
            if board is not None and seen != b"%d" % board.minute_s:
                seen = b"%d" % board.minute_s
                chunk = event(board, pairs)
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            rung = asyncio.create_task(self.bell.wait())
            await asyncio.wait({gone, rung}, timeout=BEAT_EVERY_S, return_when=asyncio.FIRST_COMPLETED)
            rung.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def event(board: Board, pairs: list[str]) -> bytes:
    """The event of a board; pairs that are not listed just now are left out."""
    listed = (board.markets.get(pair) for pair in pairs)
    rows = [pair_row(board, market, market.main) for market in listed if market is not None]
    data = msgspec.json.encode(BoardEvent(board.time, len(board.markets), rows))
    return b"event: board\nid: %d\ndata: %b\n\n" % (board.minute_s, data)
