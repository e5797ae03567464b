"""POST /hooks/influxdb: where InfluxDB's notification endpoint brings what the checks found.

It answers when the alert is stored and logged: 204. Anything else InfluxDB takes for failed and does not try again;
the reconciler finds the status then.
"""

import hmac
from http import HTTPStatus

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import alert, alerts
from api.journal import Journal
from api.link import Link
from api.problems import Away, Malformed, Problem
from api.service import Service
from influx import tokens
from influx.client import DatabaseError
from influx.settings import Settings

PATH = "/hooks/influxdb"


class Unauthorized(Problem):
    """The bearer token is not the hook's: the sender must give it."""

    status = HTTPStatus.UNAUTHORIZED
    kind = "unauthorized"
    title = "The token is not good for this"


def route(service: Service) -> Route:
    """The route, with the journal that all workers share."""
    journal = Journal(service.settings)

    async def receive(request: Request) -> Response:
        body = await request.body()
        bearer = request.headers.get("Authorization", "")
        await run_in_threadpool(take, bearer, body, service.settings, service.link, journal)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    return Route(PATH, receive, methods=["POST"])


def take(bearer: str, body: bytes, settings: Settings, link: Link, journal: Journal) -> None:
    """Takes one notification. Unauthorized, Malformed; Away: it could not be stored, so it is not logged."""
    authorize(bearer, settings)
    try:
        status = msgspec.json.decode(body, type=alert.Status)
    except msgspec.DecodeError as error:
        raise Malformed(f"the body is no status of a check: {error}") from None
    try:
        alerts.receive([alert.of(status)], journal, link.database())
    except DatabaseError as error:
        raise Away(f"the alert could not be stored: {error}") from error


def authorize(bearer: str, settings: Settings) -> None:
    """Unauthorized unless it is the hook's token."""
    token = tokens.read(settings, tokens.HOOK)
    expected = f"Bearer {token!s}".encode() if token else b""
    if not expected or not hmac.compare_digest(bearer.encode(), expected):
        raise Unauthorized("the notification endpoint's bearer token is accepted, nothing else")
