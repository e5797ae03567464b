"""POST /hooks/influxdb: where InfluxDB's notification endpoint brings what the checks found.

It answers when the alert is stored and logged: 200. Anything else, 204 too, InfluxDB notes as not sent, and it does not
try again; the reconciler finds the status then.
"""

import hmac
from http import HTTPStatus

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.alerts import Receiver
from api.problems import Malformed, Problem
from api.service import Service
from influx import tokens
from influx.judge import Status
from influx.settings import Settings

PATH = "/hooks/influxdb"
MOST_BYTES = 65_536


class Unauthorized(Problem):
    """The bearer token is not the hook's: the sender must give it."""

    status = HTTPStatus.UNAUTHORIZED
    kind = "unauthorized"
    title = "The token is not good for this"


def route(service: Service) -> Route:
    """The route."""
    receiver = Receiver(service.settings, service.link, service.clock)

    async def receive(request: Request) -> Response:
        authorize(request.headers.get("Authorization", ""), service.settings)
        body = await read(request)
        await run_in_threadpool(take, body, receiver)
        return Response(status_code=HTTPStatus.OK)

    return Route(PATH, receive, methods=["POST"])


async def read(request: Request) -> bytes:
    """The body. Malformed: it is longer than any status is."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise Malformed(f"a status is shorter than {MOST_BYTES} bytes")
    return bytes(body)


def take(body: bytes, receiver: Receiver) -> None:
    """Takes one notification. Malformed; Away: it could not be stored or logged, and comes again."""
    try:
        status = msgspec.json.decode(body, type=Status)
    except msgspec.DecodeError as error:
        raise Malformed(f"the body is no status of a check: {error}") from None
    receiver.receive([status])


def authorize(bearer: str, settings: Settings) -> None:
    """Unauthorized unless it is the hook's token."""
    token = tokens.read(settings, tokens.HOOK)
    expected = f"Bearer {token!s}".encode() if token else b""
    if not expected or not hmac.compare_digest(bearer.encode(), expected):
        raise Unauthorized("the notification endpoint's bearer token is accepted, nothing else")
