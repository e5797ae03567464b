"""Spikes that a test orders: a price or a 24 h volume times a factor for a number of answers, a minute's volume for
a number of minutes.
"""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from tests.exchange_simulator.market import MINUTE_S, VOLUME_DECIMALS, Market, Ticker

Metric = Literal["price", "volume", "traded"]


class Factors(Struct):
    """What a ticker's price and volumes are multiplied by."""

    price: float = 1.0
    volume: float = 1.0


def spiked(ticker: Ticker, factors: Factors | None) -> Ticker:
    """The ticker with its spikes, rounded as all numbers are."""
    if factors is None:
        return ticker
    price = round(ticker.price * factors.price, ticker.market.decimals)
    volume = round(ticker.volume * factors.volume, VOLUME_DECIMALS)
    return replace(
        ticker,
        price=price,
        high=max(ticker.high, price),
        low=min(ticker.low, price),
        volume=volume,
        quote_volume=round(volume * ticker.vwap, VOLUME_DECIMALS),
    )


class _Pending(Struct):
    metric: Metric
    factor: float
    polls: int


class _Minutes(Struct):
    first_s: int
    end_s: int
    factor: float


class Spikes:
    """The spikes of one exchange, by pair."""

    def __init__(self) -> None:
        self._pending: dict[str, list[_Pending]] = {}
        self._minutes: dict[str, list[_Minutes]] = {}

    def start(self, pairs: Iterable[str], metric: Metric, factor: float, polls: int, now_s: float) -> None:
        """From the next answer on; `traded` from the minute that is running on."""
        first_s = int(now_s) // MINUTE_S * MINUTE_S
        for pair in pairs:
            if metric == "traded":
                self._minutes.setdefault(pair, []).append(_Minutes(first_s, first_s + polls * MINUTE_S, factor))
            else:
                self._pending.setdefault(pair, []).append(_Pending(metric, factor, polls))

    def take(self, markets: Iterable[Market]) -> dict[str, Factors]:
        """The factors of one answer that holds these markets, by pair; counts the answer."""
        if not self._pending:
            return {}
        return {market.pair: self._take(market.pair) for market in markets if market.pair in self._pending}

    def _take(self, pair: str) -> Factors:
        factors = Factors()
        for spike in self._pending[pair]:
            spike.polls -= 1
            if spike.metric == "price":
                factors.price *= spike.factor
            else:
                factors.volume *= spike.factor
        left = [spike for spike in self._pending[pair] if spike.polls > 0]
        if left:
            self._pending[pair] = left
        else:
            del self._pending[pair]
        return factors

    def traded(self, pair: str, minute_s: int) -> float:
        """What the volume traded in a minute is multiplied by."""
        factor = 1.0
        for minutes in self._minutes.get(pair, ()):
            if minutes.first_s <= minute_s < minutes.end_s:
                factor *= minutes.factor
        return factor
