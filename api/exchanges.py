"""GET /exchanges: how each exchange stands, and what it has on the board."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from api.service import Service


class Asked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """No parameters."""


class ExchangeRow(Struct, frozen=True):
    """An exchange."""

    exchange: Annotated[str, Meta(examples=["kraken"])]
    state: Annotated[
        str,
        Meta(
            description="ok; limited, banned: asked too often; blocked: from here; changed: its answers are not "
            "understood; down: no answer; unknown: not asked lately",
            examples=["ok"],
        ),
    ]
    reason: Annotated[str, Meta(description="why, in its own words", examples=[""])]
    until: Annotated[str, Meta(description="until when it is not asked", examples=[""])]
    time: Annotated[datetime | None, Meta(description="when this was so", examples=["2026-11-24T12:00:00Z"])]
    pairs: Annotated[int, Meta(description="listed pairs", ge=0, examples=[612])]
    frozen: Annotated[int, Meta(description="pairs that have not moved for 24 h", ge=0, examples=[3])]
    quote_volume: Annotated[
        float, Meta(description="24 h volume of all pairs, in volume_currency", examples=[812004112.5])
    ]


class Exchanges(Struct, frozen=True):
    """All exchanges that are asked or on the board."""

    volume_currency: Annotated[str, Meta(examples=["usd"])]
    exchanges: list[ExchangeRow]


def exchanges(service: Service, asked: Asked) -> Exchanges:
    """List the exchanges with their states."""
    service.shelf.look()
    board, status = service.shelf.board, service.shelf.status
    states = {state.exchange: state for state in status.states}
    rows = []
    for name in sorted({*states, *(board.exchanges if board else ())}):
        state = states.get(name)
        listed = [series for series in board.series if series.exchange == name] if board else []
        rows.append(
            ExchangeRow(
                exchange=name,
                state=state.state if state else "unknown",
                reason=state.reason if state else "",
                until=state.until if state else "",
                time=state.time if state else None,
                pairs=len(listed),
                frozen=sum(series.exchange == name for series in board.frozen) if board else 0,
                quote_volume=sum(board.anchored_volume(series) or 0 for series in listed) if board else 0,
            )
        )
    return Exchanges(board.anchor if board else "usd", rows)
