"""GET /healthz: the process answers. GET /readyz: there is data, or it is known why there can be none."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from api.problems import Away
from api.reader import Backfill
from api.service import Service
from api.shelf import Shelf

SIMULATE = "`make run SIMULATE=1` runs the same on a built-in simulator"
SETTLED_S = 10
"""Exchanges that have not answered are waited for so long after the last one whose state is known."""


class Asked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """No parameters."""


class Health(Struct, frozen=True):
    """The process answers."""

    status: Annotated[str, Meta(examples=["ok"])]


class Readiness(Struct, frozen=True):
    """There is a board to answer from."""

    ready: Annotated[bool, Meta(examples=[True])]
    database: Annotated[str, Meta(description="ok, or why it gives no answer", examples=["ok"])]
    board_time: Annotated[datetime, Meta(description="the newest board's minute", examples=["2026-11-24T12:00:00Z"])]
    board_age_s: Annotated[float, Meta(examples=[14.2])]
    stale: Annotated[bool, Meta(description="the board is older than it should be", examples=[False])]
    exchanges: Annotated[dict[str, str], Meta(description="state by exchange", examples=[{"kraken": "ok"}])]
    backfill: Annotated[list[Backfill], Meta(description="how far candles are filled in: pairs, minutes")]


def healthz(service: Service, asked: Asked) -> Health:
    """Tell whether the process answers."""
    return Health("ok")


def readyz(service: Service, asked: Asked) -> Readiness:
    """Tell whether there is a board to answer from, and how database, exchanges and backfill are."""
    shelf = service.shelf
    shelf.look()
    if shelf.board is None and (unreachable := none_reachable(shelf)):
        raise Away(f"no exchange could be reached ({unreachable}); {SIMULATE}")
    board, status = shelf.require_board(), shelf.status
    return Readiness(
        ready=True,
        database=status.away or "ok",
        board_time=board.time,
        board_age_s=round(shelf.age_s, 1),
        stale=shelf.stale,
        exchanges={state.exchange: state.state for state in status.states},
        backfill=list(status.backfill),
    )


def none_reachable(shelf: Shelf, since_s: float = 0) -> str:
    """Why no exchange could be reached, each by name; empty while one could, or it is not known of all.

    Only states that were told since `since_s` count.
    """
    states = [state for state in shelf.status.states if state.time.timestamp() >= since_s]
    if not states or any(state.state == "ok" for state in states):
        return ""
    expected = set(shelf.settings.exchanges)
    if expected:
        known = expected <= {state.exchange for state in states}
    else:
        known = shelf.clock() >= max(state.time.timestamp() for state in states) + SETTLED_S
    return "; ".join(f"{state.exchange}: {state.reason or state.state}" for state in states) if known else ""
