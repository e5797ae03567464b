"""A coin over all its pairs, as CoinGecko looks at the market: its price in a currency, its volume, its day.

The price is that of the shortest way of our pairs from the coin to the currency; the day's figures are those of the
same way 24 h ago, and of the coin's own pair in that currency where there is one.
"""

from collections import defaultdict

from msgspec import Struct

from api.board import Board, Series
from api.rates import Rates


class Then(Struct, frozen=True):
    """A series as it was 24 h ago, for rates."""

    pair: str
    base: str
    quote: str
    exchange: str
    price: float | None
    turnover: float


class Coin(Struct, frozen=True):
    """A coin in a currency; `change` as a part: 0.05 is 5 % up."""

    code: str
    price: float
    volume: float
    change: float | None
    high: float | None
    low: float | None


def codes(board: Board) -> tuple[str, ...]:
    """The currency codes that are the base of a listed pair, by name."""
    return board.derive("coins", lambda: tuple(sorted({series.base for series in board.series})))


def coins(board: Board, currency: str) -> dict[str, Coin]:
    """Every coin that has a way to the currency."""
    return board.derive(("coins", currency), lambda: _coins(board, currency))


def _coins(board: Board, currency: str) -> dict[str, Coin]:
    now, then = board.rates.to(currency), _rates_then(board).to(currency)
    volumes = _volumes(board, currency)
    found = {}
    for code in codes(board):
        rate = now.get(code)
        if rate is None:
            continue
        before = then.get(code)
        same_way = before is not None and before.pairs == rate.pairs and before.price
        own = board.markets.get(code + currency)
        found[code] = Coin(
            code=code,
            price=rate.price,
            volume=volumes[code],
            change=rate.price / before.price - 1 if before is not None and same_way else None,
            high=own.main.price_max if own else None,
            low=own.main.price_min if own else None,
        )
    return found


def _rates_then(board: Board) -> Rates:
    def make() -> Rates:
        mains = (market.main for market in board.markets.values())
        return Rates([_then(series) for series in mains if board.change_24h(series) is not None])

    return board.derive("rates then", make)


def _then(series: Series) -> Then:
    return Then(series.pair, series.base, series.quote, series.exchange, series.price_first, series.turnover)


def _volumes(board: Board, currency: str) -> defaultdict[str, float]:
    rates = board.rates.to(currency)
    found: defaultdict[str, float] = defaultdict(float)
    for series in board.series:
        rate = rates.get(series.quote)
        if rate is not None:
            found[series.base] += series.turnover * rate.price
    return found
