"""Boards made by hand, for what a test wants to show of one."""

from api.board import Board, Published, Series

MINUTE_S = 1_795_521_600


def series(
    pair: str, exchange: str = "kraken", *, quote: str = "usd", price: float | None = 1.0, **fields: float
) -> Series:
    """A series of a board; what is not named it has not."""
    return Series(pair.removesuffix(quote), exchange, pair, quote, price, **fields)


def board(*rows: Series) -> Board:
    """A board of these rows."""
    return Board(Published(MINUTE_S, list(rows)), interval_s=60)
