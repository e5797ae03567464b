"""One line of the route table: a path and a function from parameters to an answer; the types say the rest.

The function is `answer(service, asked)`: `asked` a Struct whose fields are the parameters (those named in the path
come from there, the others from the query string), its result a Struct that is answered as JSON or CSV.
"""

import re
from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any, get_type_hints

import msgspec
from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api import csv_form, parameters
from api.call import MEMBER, Call
from api.encoded import Encoded, Headers
from api.kept import OF_ANY_BOARD, Entry
from api.paging import BoardPage, Paged, links
from api.problems import Malformed
from api.service import Service

UNTIL_NEXT_BOARD = float("inf")
NOTHING_KEPT = 0.0
JSON = b"application/json"
CSV = b"text/csv; charset=utf-8"
NOTHING = msgspec.Raw(b"")


class Text(StringConvertor):
    """A path's part as the user wrote it, slashes and line feeds included: the endpoint says what is wrong with it."""

    regex = r"[\s\S]*"


register_url_convertor("text", Text())


class Endpoint(Struct, frozen=True):
    """A route. `asks_database` sends it to a thread; the others answer from memory at once, or are coroutines.

    An answer is kept for `kept_s` seconds, by default until the next board; 0: not at all.
    """

    path: str
    answer: Callable[[Service, Any], Any]
    asks_database: bool = False
    kept_s: float = UNTIL_NEXT_BOARD

    @property
    def asked(self) -> type[Struct]:
        """The parameters' type."""
        kind: type[Struct] = get_type_hints(self.answer)["asked"]
        return kind

    @property
    def answered(self) -> type[Struct]:
        """The answer's type; a list or dict in the compatible shapes, which have no CSV."""
        kind: type[Struct] = get_type_hints(self.answer, include_extras=True)["return"]
        return kind

    @property
    def has_csv(self) -> bool:
        """Whether the answer can be had as CSV."""
        return isinstance(self.answered, type) and issubclass(self.answered, Struct)

    def route(self, service: Service) -> Route:
        """The route that serves it."""
        return Route(re.sub(r"{(\w+)}", r"{\1:text}", self.path), Served(self, service), methods=["GET"])


class Served:
    """An endpoint at work in one worker: an ASGI application."""

    def __init__(self, endpoint: Endpoint, service: Service) -> None:
        self.endpoint, self.service = endpoint, service
        self.asked, self.has_csv = endpoint.asked, endpoint.has_csv
        self.awaits = iscoroutinefunction(endpoint.answer)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, and keeps the answer where it may be kept."""
        endpoint, service, shelf = self.endpoint, self.service, self.service.shelf
        call: Call = scope[MEMBER]
        call.route = endpoint.path
        asked, form = parameters.read(scope["query_string"], scope["path_params"], self.asked)
        if form is not None and not self.has_csv:
            raise Malformed("format is no parameter here; the answer is JSON")
        csv = form == "csv" or (form is None and call.csv and self.has_csv)
        version, now_s = shelf.version, service.clock()

        async def make() -> Encoded:
            if self.awaits:
                found = await endpoint.answer(service, asked)
            elif endpoint.asks_database:
                found = await run_in_threadpool(endpoint.answer, service, asked)
            else:
                found = endpoint.answer(service, asked)
            return encode(found, csv, scope["query_string"])

        if endpoint.kept_s == NOTHING_KEPT or now_s >= shelf.stale_from:
            encoded = await make()
        else:
            encoded = await service.kept.once(call.key, version, make)
            of_board = endpoint.kept_s == UNTIL_NEXT_BOARD
            entry = Entry(encoded, version if of_board else OF_ANY_BOARD, now_s + endpoint.kept_s, endpoint.path)
            service.kept.keep(call.key, entry)
        await encoded.send(send, call.given, self._freshness())

    def _freshness(self) -> Headers:
        shelf, kept_s = self.service.shelf, self.endpoint.kept_s
        if kept_s == NOTHING_KEPT:
            return [(b"cache-control", b"no-store")]
        visible = b"private" if self.service.settings.api_keys else b"public"
        headers = [(b"cache-control", b"%b, max-age=%d" % (visible, min(shelf.due_in_s, kept_s)))]
        if shelf.stale and shelf.board is not None and kept_s == UNTIL_NEXT_BOARD:
            headers.append((b"warning", shelf.warning.encode()))
        return headers


def encode(found: Any, csv: bool, query: bytes) -> Encoded:
    """An answer as bytes, with the Link header where it is a page of several."""
    headers = links(query, found) if isinstance(found, Paged | BoardPage) else []
    if csv:
        return Encoded(csv_form.encode(found), CSV, headers)
    return Encoded(as_json(found), JSON, headers)


def as_json(found: Any) -> bytes:
    """An answer as JSON. A Raw at its end is put behind the rest: msgspec would grow its buffer for it in steps."""
    last = found.__struct_fields__[-1] if isinstance(found, Struct) else ""
    raw = getattr(found, last, None)
    if not isinstance(raw, msgspec.Raw):
        return msgspec.json.encode(found)
    rest = msgspec.json.encode(msgspec.structs.replace(found, **{last: NOTHING}))
    return b"".join([rest[:-1], raw, rest[-1:]])
