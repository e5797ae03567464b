"""GET /rank/{pair} and GET /rank: the place of a pair's figure among others, and the leaderboard."""

from typing import Annotated

from msgspec import Meta, Struct

from api import asked as words
from api.asked import find_market
from api.from_board import FromBoard, members
from api.paging import BoardPage, Pages, cut
from api.problems import Unknown
from api.ranking import By, Metric, Place, ranking
from api.service import Service

ByWhat = Annotated[
    By,
    Meta(
        description="the figure, over 24 h: standard deviation, standard deviation as a part of the mean, mean, "
        "quote volume in one currency, change; or the newest price",
        examples=["stddev"],
    ),
]
OfMetric = Annotated[Metric, Meta(description="of which metric, for stddev, volatility and mean", examples=["price"])]
Among = Annotated[
    str, Meta(description="all, a quote currency or an exchange", min_length=1, max_length=64, examples=["all"])
]
Of = Annotated[int, Meta(description="how many are compared", ge=0, examples=[100])]
InWords = Annotated[str, Meta(description="who is compared", examples=["all pairs, each by its main exchange"])]


class Asked(Pages, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is compared, among whom."""

    by: ByWhat = "stddev"
    metric: OfMetric = "price"
    among: Among = words.ALL


class AskedOfPair(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The same for one pair."""

    pair: words.PairText
    by: ByWhat = "stddev"
    metric: OfMetric = "price"
    among: Among = words.ALL


class Ranks(BoardPage, frozen=True, kw_only=True):
    """A page of the leaderboard."""

    by: ByWhat
    metric: OfMetric
    among: InWords
    of: Of
    ranks: list[Place]


class Rank(FromBoard, frozen=True, kw_only=True):
    """One pair's place."""

    pair: words.PairName
    exchange: words.Exchange
    rank: Annotated[int, Meta(description="1 is the largest; ties share a rank", ge=1, examples=[3])]
    of: Of
    text: Annotated[str, Meta(description="rank and population in short", examples=["3/100"])]
    by: ByWhat
    metric: OfMetric
    among: InWords
    value: Annotated[float, Meta(description="the figure that is compared", examples=[0.0093])]


def ranks(service: Service, asked: Asked) -> Ranks:
    """List all pairs by rank, the first one first."""
    board = service.shelf.require_board()
    found = ranking(board, asked.by, asked.metric, asked.among)
    return Ranks(
        **members(service.shelf, board),
        total=len(found.places),
        page=asked.page,
        per_page=asked.per_page,
        by=asked.by,
        metric=asked.metric,
        among=found.among,
        of=len(found.places),
        ranks=list(cut(found.places, asked)),
    )


def rank(service: Service, asked: AskedOfPair) -> Rank:
    """Tell the place of one pair."""
    board = service.shelf.require_board()
    market = find_market(board, asked.pair)
    found = ranking(board, asked.by, asked.metric, asked.among)
    place = found.of_pair.get(market.pair)
    if place is None:
        raise Unknown(f"{market.pair} has no {asked.by} of {asked.metric} among {found.among}")
    of = len(found.places)
    return Rank(
        **members(service.shelf, board),
        pair=place.pair,
        exchange=place.exchange,
        rank=place.rank,
        of=of,
        text=f"{place.rank}/{of}",
        by=asked.by,
        metric=asked.metric,
        among=found.among,
        value=place.value,
    )
