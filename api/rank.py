"""GET /rank/{pair}: the place of a pair's standard deviation among all pairs, the largest first."""

from msgspec import Struct

from api.pair_metrics import find
from api.problems import Unknown
from api.service import Service


class Asked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The pair."""

    pair: str


class Rank(Struct, frozen=True):
    """A place: rank 1 is the largest, ties share it."""

    pair: str
    exchange: str
    rank: int
    of: int
    text: str
    by: str
    value: float


def rank(service: Service, asked: Asked) -> Rank:
    """The place of a pair's 24 h standard deviation."""
    board = service.shelf.require_board()
    market = find(board, asked.pair)
    values = [other.main.price_stddev for other in board.markets.values()]
    value = market.main.price_stddev
    if value is None:
        raise Unknown(f"{market.pair} has no standard deviation: it takes two points within 24 h")
    known = [other for other in values if other is not None]
    place = 1 + sum(other > value for other in known)
    return Rank(
        pair=market.pair,
        exchange=market.main.exchange,
        rank=place,
        of=len(known),
        text=f"{place}/{len(known)}",
        by="stddev",
        value=value,
    )
