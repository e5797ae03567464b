"""The ways in which a simulated exchange fails on order, and the answers that it then gives."""

import math
from typing import Literal, get_args

from msgspec import Struct
from starlette.responses import Response

from tests.exchange_simulator.wire import Wire

Kind = Literal["429", "418", "451", "500", "declined", "hang", "truncate", "html", "empty", "none"]
KINDS: tuple[str, ...] = get_args(Kind)

PAGE = b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body><h1>We will be back soon</h1></body></html>"


class Fault(Struct, frozen=True):
    """A fault until a time in Unix seconds.

    `declined` is the exchange's own "too many requests", `empty` a well-formed answer without a row, `truncate` half
    an answer, `hang` no answer until the fault is over.
    """

    kind: Kind
    until_s: float


def refusal(fault: Fault, wire: Wire, now_s: float) -> Response | None:
    """The answer in place of a page; None where the fault lies in the page itself."""
    wait = {"Retry-After": str(max(1, math.ceil(fault.until_s - now_s)))}
    match fault.kind:
        case "429" | "418":
            return Response(b'{"error":"too many requests"}', int(fault.kind), wait, "application/json")
        case "451":
            return Response(b'{"error":"not available in your location"}', 451, media_type="application/json")
        case "500":
            return Response(b"Internal Server Error", 500, media_type="text/plain")
        case "declined":
            return Response(wire.declined.body, wire.declined.status, media_type="application/json")
        case "html":
            return Response(PAGE, media_type="text/html")
        case _:
            return None
