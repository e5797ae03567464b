"""The requests under /_sim, by which a test orders spikes, faults and listings and reads what was served."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import datetime

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.exchange_simulator.orders import FaultOrder, Order, PairsOrder, SpikeOrder
from tests.exchange_simulator.simulation import Simulation

Endpoint = Callable[[Request], Awaitable[Response]]

LINES = "application/x-ndjson"
encoder = msgspec.json.Encoder()


def routes(simulation: Simulation) -> list[Route]:
    """All control requests."""
    return [
        Route("/_sim/spike", _order(simulation, SpikeOrder), methods=["POST"]),
        Route("/_sim/fault", _order(simulation, FaultOrder), methods=["POST"]),
        Route("/_sim/pairs", _order(simulation, PairsOrder), methods=["POST"]),
        Route("/_sim/journal", _journal(simulation)),
        Route("/_sim/requests", _requests(simulation)),
    ]


def _order(simulation: Simulation, shape: type[Order]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            msgspec.json.decode(await request.body(), type=shape).obey(simulation)
        except msgspec.DecodeError as error:
            return PlainTextResponse(f"{error}; accepted: {shape.accepted}\n", 400)
        except ValueError as error:
            return PlainTextResponse(f"{error}\n", 400)
        return Response(status_code=204)

    return endpoint


def _journal(simulation: Simulation) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            answers = simulation.journal.answers_since(_since(request))
        except ValueError as error:
            return PlainTextResponse(f"{error}\n", 400)

        async def lines() -> AsyncIterator[bytes]:
            for answer in answers:
                yield _lines(answer.quotes())

        return StreamingResponse(lines(), media_type=LINES)

    return endpoint


def _requests(simulation: Simulation) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            return Response(_lines(simulation.journal.requests_since(_since(request))), media_type=LINES)
        except ValueError as error:
            return PlainTextResponse(f"{error}\n", 400)

    return endpoint


def _since(request: Request) -> float:
    """Unix seconds or RFC 3339; all when it is left out. ValueError: neither."""
    text = request.query_params.get("since", "0")
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        raise ValueError(f"since is {text!r}; accepted: Unix seconds or RFC 3339") from None


def _lines(rows: Iterable[Struct]) -> bytes:
    return encoder.encode_lines(list(rows))
