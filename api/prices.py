"""GET /prices: many pairs in many currencies in one call, by cross rates of our own pairs."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from api import asked as words
from api import pair_name
from api.board import Board, Market
from api.from_board import FromBoard, members
from api.parameters import shown
from api.problems import Malformed
from api.service import Service

MOST = 250
NAME_PATTERN = r"[^,\x00-\x20\x7f]{1,64}"
NAMES_PATTERN = f"^{NAME_PATTERN}(,{NAME_PATTERN})*$"


class Asked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which pairs, in which currencies."""

    pairs: Annotated[
        str,
        Meta(
            description=f"comma-separated pairs, at most {MOST}",
            examples=["btcusd,ltcusd"],
            extra_json_schema={"pattern": NAMES_PATTERN},
        ),
    ]
    vs: Annotated[
        str | None,
        Meta(
            description=f"comma-separated currencies, at most {MOST}; unless told each pair's own quote currency",
            examples=["usd,eur"],
            extra_json_schema={"pattern": NAMES_PATTERN},
        ),
    ] = None
    precision: (
        Annotated[
            int,
            Meta(
                description="decimal places, below 1 significant digits, so that no price becomes 0; all unless told",
                ge=0,
                le=18,
                examples=[2],
            ),
        ]
        | None
    ) = None


class PriceRow(Struct, frozen=True):
    """One pair's price in one currency."""

    pair: words.PairName
    vs: Annotated[str, Meta(description="currency of the price", examples=["usd"])]
    price: Annotated[float, Meta(description="what one unit of the base currency costs", examples=[87012.5])]
    via: Annotated[list[str], Meta(description="the pairs that it was reckoned by", examples=[["btcusd"]])]
    exchanges: Annotated[list[str], Meta(description="the exchange of each of them", examples=[["kraken"]])]
    time: Annotated[datetime, Meta(description="the board's minute", examples=["2026-11-24T12:00:00Z"])]


class Prices(FromBoard, frozen=True, kw_only=True):
    """Prices, and what is not known."""

    prices: list[PriceRow]
    unknown: Annotated[list[str], Meta(description="pairs that are not on the board", examples=[["dogusd"]])]
    unknown_vs: Annotated[list[str], Meta(description="currencies that no pair leads to", examples=[[]])]


def prices(service: Service, asked: Asked) -> Prices:
    """Give many pairs' prices in many currencies."""
    board = service.shelf.require_board()
    currencies = [] if asked.vs is None else names("vs", asked.vs)
    unknown, found = [], []
    for name in names("pairs", asked.pairs):
        market = board.markets.get(name) or board.markets.get(pair_name.joined(name))
        if market is None:
            unknown.append(name)
        else:
            found += list(_rows(board, market, currencies or [market.quote], asked.precision))
    unknown_vs = [name for name in currencies if name not in board.rates.currencies]
    return Prices(**members(service.shelf, board), prices=found, unknown=unknown, unknown_vs=unknown_vs)


def names(parameter: str, text: str) -> list[str]:
    """The names of a comma-separated list, each once. Malformed: none, or too many."""
    if re.fullmatch(NAMES_PATTERN, text) is None or text.count(",") >= MOST:
        raise Malformed(f"{parameter} is {shown(text)}; accepted: 1 to {MOST} names, separated by commas alone")
    return list(dict.fromkeys(text.lower().split(",")))


def _rows(board: Board, market: Market, currencies: list[str], precision: int | None) -> Iterator[PriceRow]:
    main = market.main
    assert main.price is not None, "a series without a price is not listed"
    for currency in currencies:
        rates = board.rates.to(currency)
        rate = rates.get(market.quote)
        if rate is None:
            continue
        price, via, exchanges = main.price * rate.price, [market.pair, *rate.pairs], [main.exchange, *rate.exchanges]
        if market.pair in rate.pairs:  # there and back by the same pair: the base currency has a way of its own
            rate = rates[market.base]
            price, via, exchanges = rate.price, list(rate.pairs), list(rate.exchanges)
        yield PriceRow(market.pair, currency, rounded(price, precision), via, exchanges, board.time)


def rounded(price: float, places: int | None) -> float:
    """A price to so many decimal places; one below 1 to so many digits from its first one, so none becomes 0."""
    if places is None or price == 0:
        return price
    if abs(price) < 1:
        return float(f"{price:.{max(places, 1)}g}")
    return round(price, places)
