"""The members that every answer from the board has: its minute, and whether it is older than it should be."""

from datetime import datetime
from typing import Annotated, TypedDict

from msgspec import Meta, Struct

from api.board import Board
from api.shelf import Shelf


class FromBoard(Struct, frozen=True, kw_only=True):
    """An answer from the board."""

    time: Annotated[datetime, Meta(description="the board's minute", examples=["2026-11-24T12:00:00Z"])]
    stale: Annotated[
        bool, Meta(description="the board is older than it should be, or the database is away", examples=[False])
    ]
    age_s: Annotated[
        float | None, Meta(description="of a stale board: how many seconds old its minute is", examples=[None])
    ]


class Members(TypedDict):
    """The same as arguments."""

    time: datetime
    stale: bool
    age_s: float | None


def members(shelf: Shelf, board: Board) -> Members:
    """What the shelf says of the board."""
    stale = shelf.stale
    return {"time": board.time, "stale": stale, "age_s": round(shelf.age_s, 1) if stale else None}
