"""The board in memory: one row a series at one minute, its pairs, and the divisions that are left to the reader.

A pair's main series is the exchange with the largest 24 h quote volume for it. A frozen series (price and volume have
not moved for 24 h although points came) and one that is off the board (no fresh point) are in no list and no rank.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal, TypeVar

from msgspec import Struct

from api import pair_name
from api.rates import Rates

DAY_S = 86_400
NEAR_S = 15 * 60
"""How far from the day's start its first point may lie, for a change over 24 h to be called one."""
FROZEN_COVERAGE = 0.9
"""Part of a day's points that a series must have before standing still counts as frozen."""
ANCHORS = ("usd", "usdt", "usdc", "eur")
"""Currencies in which volumes are compared: the first one that the board knows."""

Derived = TypeVar("Derived")
State = Literal["listed", "frozen", "off"]


class Series(Struct, frozen=True, array_like=True, gc=False):
    """One exchange's pair on the board: the tags and the fields of a board row. None where the row has none."""

    base: str
    exchange: str
    pair: str
    quote: str
    price: float | None = None
    volume: float | None = None
    quote_volume: float | None = None
    price_mean_1h: float | None = None
    volume_mean_1h: float | None = None
    traded_1h: float | None = None
    price_count: float | None = None
    price_mean: float | None = None
    price_stddev: float | None = None
    price_min: float | None = None
    price_max: float | None = None
    price_first: float | None = None
    volume_count: float | None = None
    volume_mean: float | None = None
    volume_stddev: float | None = None
    volume_min: float | None = None
    volume_max: float | None = None
    volume_first: float | None = None
    price_first_ns: float | None = None
    healed_count: float | None = None

    def statistic(self, metric: str, name: str) -> float | None:
        """A field METRIC_STATISTIC."""
        value: float | None = getattr(self, f"{metric}_{name}")
        return value

    def volatility(self, metric: str = "price") -> float | None:
        """The standard deviation as a part of the mean."""
        stddev, mean = self.statistic(metric, "stddev"), self.statistic(metric, "mean")
        return None if stddev is None or not mean else stddev / mean

    @property
    def turnover(self) -> float:
        """What was traded over 24 h in quote currency, as far as the exchange says; 0 when it does not."""
        if self.quote_volume is not None:
            return self.quote_volume
        return (self.price or 0) * (self.volume or 0)

    def state(self, interval_s: int) -> State:
        """off without a fresh price; frozen when price and volume stood still for 24 h, as a halted pair's do."""
        if self.price is None:
            return "off"
        if self.price_count is None or self.volume_count is None:
            return "listed"
        still = self.price_min == self.price_max and self.volume_min == self.volume_max
        return "frozen" if still and self.price_count >= FROZEN_COVERAGE * DAY_S / interval_s else "listed"


class Market(Struct, frozen=True):
    """A pair with its series on all exchanges, the main one first."""

    pair: str
    base: str
    quote: str
    state: State
    main: Series
    series: tuple[Series, ...]

    def on(self, exchange: str) -> Series | None:
        """The series of one exchange."""
        return next((series for series in self.series if series.exchange == exchange), None)


class Published(Struct, frozen=True):
    """A board as its reader hands it on: every row of one minute."""

    minute_s: int
    rows: list[Series]


class Board:
    """What the database said at one minute, arranged for answers. Immutable, so answers can be kept with it."""

    def __init__(self, published: Published, interval_s: int) -> None:
        self.minute_s, self.interval_s = published.minute_s, interval_s
        sorted_out: dict[State, list[Series]] = {"listed": [], "frozen": [], "off": []}
        for series in published.rows:
            sorted_out[series.state(interval_s)].append(series)
        self.series = tuple(sorted_out["listed"])
        self.frozen = tuple(sorted_out["frozen"])
        self.off = tuple(sorted_out["off"])
        self._derived: dict[Hashable, Any] = {}

    def derive(self, key: Hashable, make: Callable[[], Derived]) -> Derived:
        """What `make` gives, made once a board: orders, ranks and rows that answers have in common."""
        if key not in self._derived:
            self._derived[key] = make()
        found: Derived = self._derived[key]
        return found

    @property
    def time(self) -> datetime:
        """The board's minute."""
        return datetime.fromtimestamp(self.minute_s, UTC)

    @cached_property
    def markets(self) -> dict[str, Market]:
        """Every pair that is listed, by name."""
        return _markets(self.series, "listed")

    @cached_property
    def unlisted(self) -> dict[str, Market]:
        """The pairs that are frozen, or off the board, on every exchange."""
        found = _markets(self.off, "off") | _markets(self.frozen, "frozen")
        return {pair: market for pair, market in found.items() if pair not in self.markets}

    @cached_property
    def names(self) -> pair_name.Names:
        """Every pair's name, for those who misspell one."""
        return pair_name.names(tuple(sorted([*self.markets, *self.unlisted])))

    @cached_property
    def exchanges(self) -> tuple[str, ...]:
        """Exchanges that have a series here, by name."""
        return tuple(sorted({series.exchange for series in (*self.series, *self.frozen, *self.off)}))

    @cached_property
    def quotes(self) -> tuple[str, ...]:
        """Quote currencies that have a listed pair, by name."""
        return tuple(sorted({series.quote for series in self.series}))

    @cached_property
    def rates(self) -> Rates:
        """What a currency is worth in another, by the main series of the listed pairs."""
        return Rates([market.main for market in self.markets.values()])

    @cached_property
    def anchor(self) -> str:
        """The currency in which volumes are compared."""
        known = self.rates.currencies
        return next((currency for currency in ANCHORS if currency in known), self.quotes[0] if self.quotes else "usd")

    def anchored_volume(self, series: Series) -> float | None:
        """The 24 h quote volume in the anchor currency, None where there is no way from one to the other."""
        rate = self.rates.to(self.anchor).get(series.quote)
        return None if rate is None else series.turnover * rate.price

    def change_24h(self, series: Series) -> float | None:
        """How far the price has moved over 24 h: 0.05 is 5 % up. None when no point lies near their start."""
        if series.price is None or not series.price_first or series.price_first_ns is None:
            return None
        if series.price_first_ns / 1e9 > self.minute_s - DAY_S + NEAR_S:
            return None
        return series.price / series.price_first - 1


def _markets(found: Iterable[Series], state: State) -> dict[str, Market]:
    gathered: defaultdict[str, list[Series]] = defaultdict(list)
    for series in found:
        gathered[series.pair].append(series)
    return {pair: _market(pair, state, of_pair) for pair, of_pair in gathered.items()}


def _market(pair: str, state: State, found: list[Series]) -> Market:
    ordered = tuple(sorted(found, key=lambda series: (-series.turnover, series.exchange)))
    return Market(pair, ordered[0].base, ordered[0].quote, state, ordered[0], ordered)
