"""What the API's figures must be, computed in Python from the raw points of the made market."""

import math
import statistics
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from tests.api.made_market import Key, Market, Point

DAY = timedelta(days=1)


def close(figure: float | None, expected: float | None) -> bool:
    """Equal to 1e-9 of their size; both may be none."""
    if figure is None or expected is None:
        return figure is expected
    return math.isclose(figure, expected, rel_tol=1e-9, abs_tol=1e-15)


def day(points: Sequence[Point], minute: datetime) -> list[Point]:
    """The points of the 24 h up to a minute."""
    return [point for point in points if minute - DAY < point.time <= minute]


def values(points: Sequence[Point], metric: str) -> list[float]:
    """A metric's values, where the points have it."""
    return [value for point in points if (value := getattr(point, metric)) is not None]


def stddev(numbers: Sequence[float]) -> float | None:
    """The sample's standard deviation, none under two."""
    return statistics.stdev(numbers) if len(numbers) > 1 else None


def is_listed(points: Sequence[Point], minute: datetime) -> bool:
    """Fresh, and not frozen for a day."""
    of_day = day(points, minute)
    fresh = bool(of_day) and of_day[-1].time > minute - timedelta(minutes=15)
    still = len(of_day) >= 0.9 * 1440 and all(len(set(values(of_day, metric))) == 1 for metric in ("price", "volume"))
    return fresh and not still


def listed(market: Market, minute: datetime) -> dict[str, list[Key]]:
    """The listed series of each pair, that with the largest quote volume first."""
    found: dict[str, list[Key]] = {}
    for tags, points in market.items():
        if is_listed(points, minute):
            found.setdefault(tags.pair, []).append(tags)
    for series in found.values():
        series.sort(key=lambda tags: -turnover(market[tags][-1]))
    return found


def turnover(point: Point) -> float:
    """Quote volume, or what it comes to where the exchange does not say."""
    return point.quote_volume if point.quote_volume is not None else point.price * (point.volume or 0)


def change(points: Sequence[Point], minute: datetime) -> float | None:
    """The newest price against the first of the 24 h, if that lies within a quarter of an hour of their start."""
    of_day = day(points, minute)
    if of_day[0].time > minute - DAY + timedelta(minutes=15):
        return None
    return of_day[-1].price / of_day[0].price - 1


def figures(market: Market, minute: datetime, metric: str) -> dict[str, Callable[[Key], float | None]]:
    """Each figure that ranks go by, as a function of a series; volumes in US dollars."""

    def numbers(tags: Key) -> list[float]:
        return values(day(market[tags], minute), metric)

    def volatility(tags: Key) -> float | None:
        deviation = stddev(numbers(tags))
        return None if deviation is None else deviation / statistics.fmean(numbers(tags))

    return {
        "stddev": lambda tags: stddev(numbers(tags)),
        "mean": lambda tags: statistics.fmean(numbers(tags)) if numbers(tags) else None,
        "volatility": volatility,
        "quote_volume": lambda tags: turnover(market[tags][-1]) * in_dollars(market, tags.quote),
        "change": lambda tags: change(market[tags], minute),
        "price": lambda tags: market[tags][-1].price,
    }


def in_dollars(market: Market, currency: str) -> float:
    """What a currency of the made market is worth, by the pairs that it has for that."""
    pairs = {"usd": [], "eur": [("eurusd", "kraken")], "btc": [("btcusd", "binance")]}[currency]
    return math.prod(points[-1].price for tags, points in market.items() if (tags.pair, tags.exchange) in pairs)
