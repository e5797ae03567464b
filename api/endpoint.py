"""One line of the route table: a path and a function from parameters to an answer; the types say the rest.

The function is `answer(service, asked)`: `asked` a Struct whose fields are the parameters (those named in the path
come from there, the others from the query string), its result a Struct that is answered as JSON.
"""

import re
from collections.abc import Callable
from typing import Any, get_type_hints
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api.problems import Malformed
from api.service import Service


class Text(StringConvertor):
    """A path's part as the user wrote it, slashes and line feeds included: the endpoint says what is wrong with it."""

    regex = r"[\s\S]*"


register_url_convertor("text", Text())


class Endpoint(Struct, frozen=True):
    """A route; `asks_database` sends it to a thread, the others answer from memory at once."""

    path: str
    answer: Callable[[Service, Any], Any]
    asks_database: bool = False

    @property
    def asked(self) -> type[Struct]:
        """The parameters' type."""
        kind: type[Struct] = get_type_hints(self.answer, include_extras=True)["asked"]
        return kind

    def route(self, service: Service) -> Route:
        """The route that serves it."""
        asked = self.asked

        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            parameters = read_parameters(Request(scope), asked)
            if self.asks_database:
                found = await run_in_threadpool(self.answer, service, parameters)
            else:
                found = self.answer(service, parameters)
            response = Response(msgspec.json.encode(found), media_type="application/json")
            await response(scope, receive, send)

        return Route(self.path, Served(serve), methods=["GET"])


class Served:
    """An ASGI application that the router does not take for a request handler."""

    def __init__(self, serve: Callable[[Scope, Receive, Send], Any]) -> None:
        self.serve = serve

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        await self.serve(scope, receive, send)


def read_parameters(request: Request, kind: type[Struct]) -> Struct:
    """The request's parameters as `kind`. Malformed: names the parameter and what is accepted."""
    try:
        pairs = parse_qsl(request.url.query, keep_blank_values=True, errors="strict", max_num_fields=50, separator="&")
    except (ValueError, UnicodeDecodeError):
        raise Malformed("the query string must be at most 50 parameters, in UTF-8") from None
    values: dict[str, str] = {}
    for name, value in (*pairs, *request.path_params.items()):
        if name in values:
            raise Malformed(f"{name} is given twice; once is accepted")
        values[name] = value
    unknown = set(values) - set(kind.__struct_fields__)
    if unknown:
        accepted = ", ".join(kind.__struct_fields__) or "none"
        raise Malformed(f"{', '.join(map(repr, sorted(unknown)))} is no parameter here; accepted: {accepted}")
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Malformed(_in_words(str(error), values)) from None


def _in_words(error: str, values: dict[str, str]) -> str:
    match = re.fullmatch(r"(.*) - at `\$\.(\w+)`", error)
    if match is None:
        return error
    return f"{match[2]} is {values.get(match[2], '')[:100]!r}: {match[1]}"
