"""GET /metrics: every listed pair with its newest values, from the board: filtered, ordered, in pages."""

from datetime import datetime
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from api import asked as words
from api.asked import find_exchange
from api.board import Board, Market, Series
from api.composite import disagree
from api.from_board import members
from api.paging import BoardPage, Pages, cut
from api.service import Service

Order = Literal[
    "quote_volume_desc",
    "quote_volume_asc",
    "volume_desc",
    "volume_asc",
    "price_desc",
    "price_asc",
    "change_24h_desc",
    "change_24h_asc",
    "stddev_desc",
    "stddev_asc",
    "volatility_desc",
    "volatility_asc",
    "pair_asc",
    "pair_desc",
]
ORDERS: tuple[str, ...] = get_args(Order)


class Asked(Pages, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which pairs, in which order."""

    quote: Annotated[words.Name | None, Meta(description="only pairs of this quote currency", examples=["usd"])] = None
    base: Annotated[words.Name | None, Meta(description="only pairs of this base currency", examples=["btc"])] = None
    exchange: Annotated[
        words.Name | None, Meta(description="the pairs of this exchange, by its own figures", examples=["kraken"])
    ] = None
    search: Annotated[words.Name | None, Meta(description="only pairs that hold this text", examples=["doge"])] = None
    order: Annotated[
        Order,
        Meta(description="by which figure; quote_volume is compared in one currency", examples=["quote_volume_desc"]),
    ] = "quote_volume_desc"


class PairRow(Struct, frozen=True):
    """A pair by one series: that of the exchange with the largest quote volume, or of the one asked for."""

    pair: words.PairName
    base: words.Base
    quote: words.Quote
    exchange: words.Exchange
    exchanges: words.Exchanges
    price: words.Price
    volume: words.Volume
    quote_volume: words.QuoteVolume
    comparable_volume: Annotated[
        float | None, Meta(description="quote_volume in the answer's volume_currency", examples=[104784803.13])
    ]
    change_24h: words.Change
    stddev: Annotated[
        float | None,
        Meta(description="standard deviation of the price over 24 h; null under 2 points", examples=[812.4]),
    ]
    volatility: Annotated[float | None, Meta(description="stddev as a part of the mean", examples=[0.0093])]
    ambiguous: Annotated[
        bool, Meta(description="exchanges disagree by 20 % or more: two coins may bear one name", examples=[False])
    ]
    time: Annotated[datetime, Meta(description="the board's minute", examples=["2026-11-24T12:00:00Z"])]


class Metrics(BoardPage, frozen=True, kw_only=True):
    """A page of pairs."""

    volume_currency: Annotated[str, Meta(description="currency of comparable_volume", examples=["usd"])]
    metrics: list[PairRow]


def metrics(service: Service, asked: Asked) -> Metrics:
    """List all pairs with their newest values."""
    board = service.shelf.require_board()
    exchange = "" if asked.exchange is None else find_exchange(board, asked.exchange)
    rows = ordered_rows(board, exchange, asked.order)
    if asked.quote is not None or asked.base is not None or asked.search is not None:
        rows = [row for row in rows if _wanted(row, asked)]
    return Metrics(
        **members(service.shelf, board),
        total=len(rows),
        page=asked.page,
        per_page=asked.per_page,
        volume_currency=board.anchor,
        metrics=list(cut(rows, asked)),
    )


def _wanted(row: PairRow, asked: Asked) -> bool:
    return (
        (asked.quote is None or row.quote == asked.quote.lower())
        and (asked.base is None or row.base == asked.base.lower())
        and (asked.search is None or asked.search.lower() in row.pair)
    )


def ordered_rows(board: Board, exchange: str, order: str) -> list[PairRow]:
    """All rows of an exchange, of the main series for an empty name; those without the figure come last."""
    return board.derive(("rows", exchange, order), lambda: _ordered(board, exchange, order))


def _ordered(board: Board, exchange: str, order: str) -> list[PairRow]:
    rows = board.derive(("rows", exchange), lambda: _rows(board, exchange))
    figure, _, direction = order.rpartition("_")
    name = "comparable_volume" if figure == "quote_volume" else figure
    known = [row for row in rows if getattr(row, name) is not None]
    unknown = [row for row in rows if getattr(row, name) is None]
    return sorted(known, key=lambda row: getattr(row, name), reverse=direction == "desc") + unknown


def _rows(board: Board, exchange: str) -> list[PairRow]:
    found = []
    for market in sorted(board.markets.values(), key=lambda market: market.pair):
        series = market.on(exchange) if exchange else market.main
        if series is not None:
            found.append(pair_row(board, market, series))
    return found


def pair_row(board: Board, market: Market, series: Series) -> PairRow:
    """A listed pair's row by one of its series."""
    assert series.price is not None, "a series without a price is not listed"
    return PairRow(
        pair=market.pair,
        base=market.base,
        quote=market.quote,
        exchange=series.exchange,
        exchanges=[other.exchange for other in market.series],
        price=series.price,
        volume=series.volume,
        quote_volume=series.quote_volume,
        comparable_volume=board.anchored_volume(series),
        change_24h=board.change_24h(series),
        stddev=series.price_stddev,
        volatility=series.volatility(),
        ambiguous=disagree(market.series),
        time=board.time,
    )
