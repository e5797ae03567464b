"""Which pairs are traded most: 24 h turnovers in unlike currencies, compared by the exchange's own prices."""

from collections.abc import Iterable

from msgspec import Struct

DOLLARS = ("usd", "usdt", "usdc", "fdusd", "usd1", "tusd", "busd", "dai")


class Traded(Struct, frozen=True):
    """A pair's newest price and 24 h turnover in its quote currency."""

    pair: str
    base: str
    quote: str
    price: float
    turnover: float = 0.0


def most_traded(rows: Iterable[Traded]) -> list[str]:
    """The pairs, the most traded first; those whose quote currency has no price in dollars come last."""
    listed = list(rows)
    dollars = _worth(listed)
    return [
        row.pair
        for row in sorted(
            listed, key=lambda row: (row.quote not in dollars, -row.turnover * dollars.get(row.quote, 1.0), row.pair)
        )
    ]


def _worth(rows: Iterable[Traded]) -> dict[str, float]:
    """Dollars of one unit of each currency that has a dollar market, on either side of it."""
    worth: dict[str, float] = {}
    for row in sorted(rows, key=lambda row: row.turnover):  # of several markets the one with most trade decides
        if row.quote in DOLLARS:
            worth[row.base] = row.price
        elif row.base in DOLLARS and row.price > 0:
            worth[row.quote] = 1 / row.price
    return worth | dict.fromkeys(DOLLARS, 1.0)
