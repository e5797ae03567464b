"""What every request passes: its id, the limits, the key, and the answers that are kept in memory.

Pure ASGI (https://asgi.readthedocs.io/en/latest/specs/www.html): an answer from memory is two messages, with no
request object, router or middleware between.
"""

import logging
from http import HTTPStatus
from pathlib import Path
from time import perf_counter

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.call import MEMBER, Call
from api.encoded import Headers
from api.keys import Keys
from api.limits import Limits
from api.origins import EXPOSED, PREFLIGHT, Origins
from api.problems import NoKey, Problem
from api.request_id import RequestIds
from api.service import Service

log = logging.getLogger("coinwatch.api")

OPEN_PATHS = frozenset({"/healthz", "/readyz", "/telemetry", "/openapi.json", "/docs", "/", "/hooks/influxdb"})
"""Neither limited nor behind a key: probes, scrapers, the docs and page themselves; the hook has a key of its own."""
OPEN_FOLDER = "/page/"
MAX_AGE = [b"public, max-age=%d" % seconds for seconds in range(601)]
PRIVATE_MAX_AGE = [b"private, max-age=%d" % seconds for seconds in range(601)]


class Front:
    """The outermost application of a worker."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        settings = service.settings
        self.app, self.service = app, service
        self.ids = RequestIds()
        self.origins = Origins(settings.api_origins) if settings.api_origins else None
        self.keys = Keys(Path(settings.api_keys)) if settings.api_keys else None
        counters = settings.home / "api" / "limits"
        self.limits = Limits(counters, settings.api_rate, service.clock) if settings.api_rate else None
        self.max_age = PRIVATE_MAX_AGE if self.keys else MAX_AGE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers from memory, or passes on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = perf_counter()
        given: dict[bytes, bytes] = dict(scope["headers"])
        call = Call(scope, given, self.ids.of(given))
        shelf = self.service.shelf
        shelf.look()
        now_s = self.service.clock()
        refused = self._refused(scope, call) if self.keys or self.limits else None
        if self.origins:
            call.extra += self.origins.headers(given)
            call.more.append(EXPOSED)
        entry = None
        if refused is None and scope["method"] in ("GET", "HEAD") and now_s < shelf.stale_from:
            entry = self.service.kept.find(call.key, shelf.version, now_s)
        if entry is not None:
            call.route, call.how = entry.route, "kept"
            call.extra.append((b"cache-control", self.max_age[self._lasting_s(entry.until_s, now_s)]))
            status = await entry.encoded.send(send, given, call.extra, call.more)
        else:
            status = await self._pass_on(scope, receive, send, call, refused)
        self.service.telemetry.answered(call.route, status, call.how, perf_counter() - started)

    def _lasting_s(self, until_s: float, now_s: float) -> int:
        return int(min(self.service.shelf.due_in_s, until_s - now_s, len(self.max_age) - 1))

    def _refused(self, scope: Scope, call: Call) -> Problem | None:
        """Why the request is turned away: it brings no key, or its client asks too often."""
        if scope["path"] in OPEN_PATHS or scope["path"].startswith(OPEN_FOLDER):
            return None
        client = (scope.get("client") or ("unknown", 0))[0]
        if self.keys is not None and scope["method"] != "OPTIONS":
            name = self.keys.name(call.given)
            if name is None:
                return NoKey("send a key as X-API-Key or as a bearer token; the operator of this service gives it")
            client = f"key {name}"
        if self.limits is None:
            return None
        headers, problem = self.limits.count(client)
        call.more += headers
        return problem

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send, call: Call, refused: Problem | None) -> int:
        sender = Sender(send, call.extra + call.more)
        scope[MEMBER] = call
        scope["app"] = self  # makes Starlette's router raise what it refuses
        try:
            if refused is not None:
                call.how = "refused"
                raise refused
            if self.origins and self.origins.asks_first(scope["method"], call.given):
                await sender({"type": "http.response.start", "status": HTTPStatus.NO_CONTENT, "headers": PREFLIGHT})
                await sender({"type": "http.response.body", "body": b""})
            else:
                await self.app(scope, receive, sender)
        except Exception as error:  # the top of a request: whatever it is, the client gets an answer
            if sender.status:
                raise
            await problems.response(self._problem(error, call, scope), scope["path"])(scope, receive, sender)
        return sender.status

    def _problem(self, error: Exception, call: Call, scope: Scope) -> Problem:
        if isinstance(error, Problem):
            return error
        if isinstance(error, HTTPException):
            return problems.of_router(error)
        path = scope["path"][: problems.LONGEST_PATH]
        log.error("request %s failed: %s %r", call.id.decode(), scope["method"], path, exc_info=error)
        return Problem("it stands in the log of the API under this answer's X-Request-ID")


class Sender:
    """Sends on, adding the headers that every answer carries; remembers the status."""

    def __init__(self, send: Send, extra: Headers) -> None:
        self._send, self._extra = send, extra
        self.status = 0

    async def __call__(self, message: Message) -> None:
        """Sends one message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", []), *self._extra]
        await self._send(message)
