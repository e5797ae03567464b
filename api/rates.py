"""What one currency is worth in another, by our own pairs: directly, or over as few others as possible.

usd, usdt and usdc are three currencies: only a pair between them says what one is worth in the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct

MOST_STEPS = 3


class Priced(Protocol):
    """What a rate is made of: a pair's series."""

    @property
    def pair(self) -> str: ...
    @property
    def base(self) -> str: ...
    @property
    def quote(self) -> str: ...
    @property
    def exchange(self) -> str: ...
    @property
    def price(self) -> float | None: ...
    @property
    def turnover(self) -> float: ...


class Rate(Struct, frozen=True):
    """One unit of a currency in another; the pairs on the way and their exchanges."""

    price: float
    pairs: tuple[str, ...] = ()
    exchanges: tuple[str, ...] = ()


class Step(Struct, frozen=True):
    """From `here` to `there` by one pair: one unit of `there` is `factor` of `here`; traded in units of `here`."""

    here: str
    there: str
    factor: float
    traded: float
    pair: str
    exchange: str


class Rates:
    """The rates between all currencies that the series name."""

    def __init__(self, found: Iterable[Priced]) -> None:
        self._steps: defaultdict[str, list[Step]] = defaultdict(list)
        for series in found:
            if not series.price:
                continue
            base, quote, price, traded = series.base, series.quote, series.price, series.turnover
            self._steps[quote].append(Step(quote, base, price, traded, series.pair, series.exchange))
            self._steps[base].append(Step(base, quote, 1 / price, traded / price, series.pair, series.exchange))
        self._to: dict[str, dict[str, Rate]] = {}

    @property
    def currencies(self) -> frozenset[str]:
        """Every currency that has a pair."""
        return frozenset(self._steps)

    def to(self, currency: str) -> dict[str, Rate]:
        """What every currency is worth in this one: fewest steps, then the most traded last step."""
        found = self._to.get(currency)
        if found is None:
            found = self._to[currency] = self._spread(currency)
        return found

    def _spread(self, currency: str) -> dict[str, Rate]:
        found = {currency: Rate(1.0)}
        edge = [currency]
        for _ in range(MOST_STEPS):
            best: dict[str, tuple[float, Rate]] = {}
            for here in edge:
                rate = found[here]
                for step in self._steps.get(here, ()):
                    traded = step.traded * rate.price
                    if step.there not in found and traded > best.get(step.there, (-1.0, rate))[0]:
                        pairs, exchanges = (step.pair, *rate.pairs), (step.exchange, *rate.exchanges)
                        best[step.there] = traded, Rate(step.factor * rate.price, pairs, exchanges)
            found |= {there: rate for there, (_, rate) in best.items()}
            edge = list(best)
        return found
