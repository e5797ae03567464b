"""A pair over all exchanges: the median price, the volumes summed, the spread between exchanges.

Exchanges that are OUTLIER away from the median are left out and named, while most agree. When exchanges disagree by
AMBIGUOUS they may be trading two coins under one name: then nothing is mixed.
"""

import statistics
from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from api.board import Series

OUTLIER = 0.05
AMBIGUOUS = 0.20


class Composite(Struct, frozen=True):
    """What the exchanges say together."""

    ambiguous: Annotated[
        bool, Meta(description="exchanges disagree by 20 % or more: nothing is mixed", examples=[False])
    ]
    spread: Annotated[
        float | None,
        Meta(description="dearest against cheapest exchange, without outliers: 0.001 is 0.1 %", examples=[0.0006]),
    ]
    prices: Annotated[dict[str, float], Meta(description="price by exchange", examples=[{"kraken": 87012.5}])]
    outliers: Annotated[list[str], Meta(description="exchanges left out: 5 % or more from the median", examples=[[]])]


class Mixed(Struct, frozen=True):
    """The composite's values, and the series they are made of: none when it is ambiguous."""

    composite: Composite
    series: tuple[Series, ...]
    price: float | None
    volume: float | None
    quote_volume: float | None


def disagree(found: Sequence[Series]) -> bool:
    """Whether the dearest is 20 % or more above the cheapest."""
    prices = [series.price for series in found if series.price is not None]
    return len(prices) > 1 and max(prices) >= (1 + AMBIGUOUS) * min(prices)


def mix(found: Sequence[Series]) -> Mixed:
    """The composite of a pair's series; only those that have a price."""
    priced = {series.exchange: series.price for series in found if series.price is not None}
    if disagree(found):
        composite = Composite(ambiguous=True, spread=None, prices=priced, outliers=[])
        return Mixed(composite, (), None, None, None)
    if not priced:
        return Mixed(Composite(ambiguous=False, spread=None, prices={}, outliers=[]), (), None, None, None)
    median = statistics.median(priced.values())
    far = sorted(name for name, price in priced.items() if abs(price - median) >= OUTLIER * median)
    outliers = far if 2 * len(far) < len(priced) else []
    kept = tuple(series for series in found if series.price is not None and series.exchange not in outliers)
    prices = [priced[series.exchange] for series in kept]
    return Mixed(
        Composite(
            ambiguous=False,
            spread=max(prices) / min(prices) - 1 if min(prices) else None,
            prices=priced,
            outliers=outliers,
        ),
        kept,
        statistics.median(prices),
        _summed([series.volume for series in kept]),
        _summed([series.quote_volume for series in kept]),
    )


def _summed(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
