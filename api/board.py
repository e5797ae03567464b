"""The board in memory: one row a series at one minute, its pairs, and the divisions that are left to the reader.

A pair's main series is the exchange with the largest 24 h quote volume for it. Frozen series (price and volume have
not moved for 24 h although points came) are in no list and no rank.
"""

from datetime import UTC, datetime
from functools import cached_property

from msgspec import Struct

DAY_S = 86_400
FROZEN_COVERAGE = 0.9
"""Part of a day's points that a series must have before standing still counts as frozen."""


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

    def statistic(self, metric: str, name: str) -> float | None:
        """A field METRIC_STATISTIC."""
        value: float | None = getattr(self, f"{metric}_{name}")
        return value

    @property
    def change_24h(self) -> float | None:
        """How far the price has moved over 24 h: 0.05 is 5 % up."""
        if self.price is None or not self.price_first:
            return None
        return self.price / self.price_first - 1

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

    def frozen(self, interval_s: int) -> bool:
        """Whether price and volume have stood still for 24 h, as those of a halted pair do."""
        if self.price_count is None or self.volume_count is None:
            return False
        return (
            self.price_min == self.price_max
            and self.volume_min == self.volume_max
            and self.price_count >= FROZEN_COVERAGE * DAY_S / interval_s
        )


class Market(Struct, frozen=True):
    """A pair with its series on all exchanges, the main one first."""

    pair: str
    base: str
    quote: str
    main: Series
    series: tuple[Series, ...]


class Published(Struct, frozen=True):
    """A board as its reader hands it on: every row of one minute."""

    minute_s: int
    rows: list[Series]


class Board:
    """What the database said at one minute, arranged for answers. Immutable, so answers can be kept with it."""

    def __init__(self, published: Published, interval_s: int) -> None:
        self.minute_s = published.minute_s
        on_board = [series for series in published.rows if series.price is not None]
        self.frozen = tuple(series for series in on_board if series.frozen(interval_s))
        self.series = tuple(series for series in on_board if not series.frozen(interval_s))

    @property
    def time(self) -> datetime:
        """The board's minute."""
        return datetime.fromtimestamp(self.minute_s, UTC)

    @cached_property
    def markets(self) -> dict[str, Market]:
        """Every pair that is listed, by name."""
        gathered: dict[str, list[Series]] = {}
        for series in self.series:
            gathered.setdefault(series.pair, []).append(series)
        return {pair: _market(pair, found) for pair, found in gathered.items()}

    @cached_property
    def exchanges(self) -> tuple[str, ...]:
        """Exchanges that have a series on the board, by name."""
        return tuple(sorted({series.exchange for series in (*self.series, *self.frozen)}))


def _market(pair: str, found: list[Series]) -> Market:
    ordered = tuple(sorted(found, key=lambda series: (-series.turnover, series.exchange)))
    return Market(pair, ordered[0].base, ordered[0].quote, ordered[0], ordered)
