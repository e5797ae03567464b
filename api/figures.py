"""A pair's figures: on one exchange as the board has them, or put together over all exchanges."""

import statistics
from collections import defaultdict
from collections.abc import Sequence

from msgspec import Struct
from starlette.concurrency import run_in_threadpool

from api import chart, pair_statistics
from api.asking import Asking
from api.board import NEAR_S, Board, Market, Series
from api.chart import ChartPoint, Metric
from api.composite import Composite, mix
from api.link import Link
from api.pair_statistics import Statistics
from api.span import DAY_S, MINUTE_S, Span, rfc3339


class Figures(Struct, frozen=True):
    """What differs between one exchange and all of them; `note` says why there is no change."""

    price: float | None
    volume: float | None
    quote_volume: float | None
    change_24h: float | None
    note: str | None
    statistics: Statistics
    values: list[ChartPoint]
    composite: Composite | None = None


async def of_one(asking: Asking, board: Board, series: Series, metric: Metric, stretch: Span) -> Figures:
    """The figures of one exchange."""
    change = board.change_24h(series)
    if metric == "traded":
        found = await run_in_threadpool(pair_statistics.of_traded, asking.link, board, series)
    else:
        found = pair_statistics.of_series(board, series, metric)
    return Figures(
        price=series.price,
        volume=series.volume,
        quote_volume=series.quote_volume,
        change_24h=change,
        note=_note(board, series.price) if change is None else None,
        statistics=found,
        values=await chart.read_encoded(asking, series, metric, stretch, board.minute_s),
    )


def of_all(link: Link, board: Board, market: Market, metric: Metric, stretch: Span) -> Figures:
    """The figures over all exchanges."""
    mixed = mix(market.series)
    day = Span(board.minute_s + MINUTE_S - DAY_S, board.minute_s + MINUTE_S, MINUTE_S)
    of_day = over_all(link, mixed.series, metric, day, board.minute_s)
    change = _change(board, mixed.series)
    note = "the exchanges disagree: nothing is mixed" if mixed.composite.ambiguous else _note(board, mixed.price)
    return Figures(
        price=mixed.price,
        volume=mixed.volume,
        quote_volume=mixed.quote_volume,
        change_24h=change,
        note=note if change is None else None,
        statistics=pair_statistics.of_values(of_day),
        values=of_day if stretch == day else over_all(link, mixed.series, metric, stretch, board.minute_s),
        composite=mixed.composite,
    )


def over_all(link: Link, found: Sequence[Series], metric: Metric, stretch: Span, minute_s: int) -> list[ChartPoint]:
    """Window by window the median of the exchanges' prices, or the sum of their volumes."""
    gathered: defaultdict[str, list[float]] = defaultdict(list)
    for series in found:
        for point in chart.read(link, series, metric, stretch, minute_s):
            gathered[point.time].append(point.value)
    together = statistics.median if metric == "price" else sum
    return [ChartPoint(time, float(together(values))) for time, values in sorted(gathered.items())]


def _change(board: Board, found: Sequence[Series]) -> float | None:
    """The median price against the median of 24 h ago, of the exchanges that have a point near then."""
    both = [(series.price, series.price_first) for series in found if board.change_24h(series) is not None]
    if not both:
        return None
    now, then = zip(*both, strict=True)
    return float(statistics.median(now) / statistics.median(then) - 1)


def _note(board: Board, price: float | None) -> str:
    if price is None:
        return "there is no fresh price"
    return f"no point lies within {NEAR_S // 60} min after {rfc3339(board.minute_s - DAY_S)}"
