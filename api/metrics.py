"""GET /metrics: every pair with its newest values, from the board."""

from datetime import datetime

from msgspec import Struct

from api.board import Market
from api.service import Service


class Asked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """No parameters."""


class Row(Struct, frozen=True):
    """A pair by its main series."""

    pair: str
    base: str
    quote: str
    exchange: str
    exchanges: list[str]
    price: float
    volume: float | None
    quote_volume: float | None
    change_24h: float | None
    stddev: float | None
    volatility: float | None
    time: datetime


class Metrics(Struct, frozen=True):
    """A board's pairs, the largest first."""

    time: datetime
    stale: bool
    metrics: list[Row]


def metrics(service: Service, asked: Asked) -> Metrics:
    """Every pair with its newest values."""
    board = service.shelf.require_board()
    markets = sorted(board.markets.values(), key=lambda market: (-market.main.turnover, market.pair))
    return Metrics(board.time, service.shelf.stale, [_row(market, board.time) for market in markets])


def _row(market: Market, time: datetime) -> Row:
    main = market.main
    assert main.price is not None, "a series without a price is off the board"
    return Row(
        pair=market.pair,
        base=market.base,
        quote=market.quote,
        exchange=main.exchange,
        exchanges=[series.exchange for series in market.series],
        price=main.price,
        volume=main.volume,
        quote_volume=main.quote_volume,
        change_24h=main.change_24h,
        stddev=main.price_stddev,
        volatility=main.volatility(),
        time=time,
    )
