"""GET /healthz: the process answers. GET /readyz: there is data, or it is known why there can be none."""

from datetime import datetime

from msgspec import Struct

from api.problems import Away
from api.service import Service
from api.shelf import Shelf

SIMULATE = "`make run SIMULATE=1` runs the same on a built-in simulator"


class Asked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """No parameters."""


class Health(Struct, frozen=True):
    """The process answers."""

    status: str


class Readiness(Struct, frozen=True):
    """There is a board to answer from."""

    ready: bool
    database: str
    board_time: datetime
    board_age_s: float
    stale: bool


def healthz(service: Service, asked: Asked) -> Health:
    """Whether the process answers."""
    return Health("ok")


def readyz(service: Service, asked: Asked) -> Readiness:
    """Whether there is a board to answer from."""
    shelf = service.shelf
    unreachable = none_reachable(shelf)
    if shelf.board is None and unreachable:
        raise Away(f"no exchange could be reached ({unreachable}); {SIMULATE}")
    board = shelf.require_board()
    return Readiness(True, shelf.status.away or "ok", board.time, round(shelf.age_s, 1), shelf.stale)


def none_reachable(shelf: Shelf) -> str:
    """Why no exchange could be reached, each by name; empty while one could or it is not known yet."""
    states = shelf.status.states
    if not states or any(state.state == "ok" for state in states):
        return ""
    return "; ".join(f"{state.exchange}: {state.reason or state.state}" for state in states)
