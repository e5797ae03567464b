"""Ranks: the largest value is rank 1, ties share a rank. Each pair stands once among all, by its main series.

If three pairs' volumes deviate by 100, 200 and 300, the third is 1/3 and the first 3/3.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct

from api import asked as words
from api.board import Board, Series
from api.parameters import shown
from api.problems import Contradiction, Unknown

By = Literal["stddev", "volatility", "mean", "quote_volume", "change", "price"]
Metric = Literal["price", "volume"]

OF_METRIC = ("stddev", "volatility", "mean")
"""What is reckoned of a metric; the other figures have none."""


class Place(Struct, frozen=True):
    """A pair's place."""

    rank: Annotated[int, Meta(description="1 is the largest; ties share a rank", ge=1, examples=[3])]
    pair: words.PairName
    exchange: words.Exchange
    value: Annotated[float, Meta(description="the figure that is compared", examples=[0.0093])]


class Ranking(Struct, frozen=True):
    """All places, the first one first, and who is among them."""

    among: str
    places: Sequence[Place]
    of_pair: dict[str, Place]


def ranking(board: Board, by: By, metric: Metric, among: str) -> Ranking:
    """The ranking of the pairs in a quote currency, on an exchange, or of all. Contradiction, Unknown: none."""
    if by not in OF_METRIC and metric != "price":
        raise Contradiction(f"metric is {shown(metric)}: by={by} has no metric; {', '.join(OF_METRIC)} have one")
    name = among.lower()
    return board.derive(("ranking", by, metric, name), lambda: _ranking(board, by, metric, name))


def _ranking(board: Board, by: By, metric: Metric, among: str) -> Ranking:
    words_of_it, population = _population(board, among)
    figure = _figure(board, by, metric)
    values = [(value, series) for series in population if (value := figure(series)) is not None]
    places = list(placed((value, series.pair, series.exchange) for value, series in values))
    return Ranking(words_of_it, places, {place.pair: place for place in places})


def placed(values: Iterable[tuple[float, str, str]]) -> Iterable[Place]:
    """Places of (value, pair, exchange), the largest value first, ties by name."""
    rank, last = 0, None
    for position, (value, pair, exchange) in enumerate(sorted(values, key=lambda one: (-one[0], one[1])), 1):
        if value != last:
            rank, last = position, value
        yield Place(rank, pair, exchange, value)


def _population(board: Board, among: str) -> tuple[str, list[Series]]:
    if among == words.ALL:
        return "all pairs, each by its main exchange", [market.main for market in board.markets.values()]
    if among in board.exchanges:
        found = [market.on(among) for market in board.markets.values()]
        return f"pairs on {among}", [series for series in found if series is not None]
    if among in board.quotes:
        mains = (market.main for market in board.markets.values())
        return f"pairs in {among}, each by its main exchange", [series for series in mains if series.quote == among]
    accepted = [words.ALL, *board.exchanges, *board.quotes]
    raise Unknown(f"nothing is ranked among {shown(among)}; accepted: all, an exchange or a quote currency", accepted)


def _figure(board: Board, by: By, metric: Metric) -> Callable[[Series], float | None]:
    match by:
        case "stddev" | "mean":
            return lambda series: series.statistic(metric, by)
        case "volatility":
            return lambda series: series.volatility(metric)
        case "quote_volume":
            return board.anchored_volume
        case "change":
            return board.change_24h
        case "price":
            return lambda series: series.price
