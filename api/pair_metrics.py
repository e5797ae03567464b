"""GET /metrics/{pair}: one pair's values, its 24 h statistics and its chart."""

from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from api import pair_name
from api.board import Board, Market, Series
from api.problems import Unknown
from api.service import Service
from influx import flux


class Asked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The pair."""

    pair: str


class Statistics(Struct, frozen=True):
    """Of the metric over the last 24 h."""

    count: int
    mean: float | None
    stddev: float | None
    min: float | None
    max: float | None
    first: float | None


class ChartPoint(Struct, frozen=True, gc=False):
    """A chart's row."""

    time: datetime
    value: float


class PairMetrics(Struct, frozen=True):
    """One pair on one exchange."""

    pair: str
    base: str
    quote: str
    exchange: str
    exchanges: list[str]
    time: datetime
    price: float | None
    volume: float | None
    quote_volume: float | None
    change_24h: float | None
    statistics: Statistics
    chart: list[ChartPoint]


class Point(Struct, gc=False):
    """A row of queries/chart."""

    time: datetime = msgspec.field(name="_time")
    value: float = msgspec.field(name="_value")


def find(board: Board, text: str) -> Market:
    """The pair that the user means. Unknown: names the nearest ones."""
    name = pair_name.parse(text, board.markets)
    market = board.markets.get(name)
    if market is None:
        near = pair_name.nearest(name, board.markets)
        raise Unknown(f"no pair {name} is on the board" + (f"; near: {', '.join(near)}" if near else ""), near)
    return market


def pair_metrics(service: Service, asked: Asked) -> PairMetrics:
    """One pair's values, statistics and chart."""
    board = service.shelf.require_board()
    market = find(board, asked.pair)
    main = market.main
    return PairMetrics(
        pair=market.pair,
        base=market.base,
        quote=market.quote,
        exchange=main.exchange,
        exchanges=[series.exchange for series in market.series],
        time=board.time,
        price=main.price,
        volume=main.volume,
        quote_volume=main.quote_volume,
        change_24h=main.change_24h,
        statistics=_statistics(main),
        chart=_chart(service, board, main),
    )


def _statistics(series: Series) -> Statistics:
    return Statistics(
        count=int(series.price_count or 0),
        mean=series.price_mean,
        stddev=series.price_stddev,
        min=series.price_min,
        max=series.price_max,
        first=series.price_first,
    )


def _chart(service: Service, board: Board, series: Series) -> list[ChartPoint]:
    params: flux.Options = {
        "exchange": series.exchange,
        "pair": series.pair,
        "field": "price",
        "from": board.time - timedelta(days=1),
        "to": board.time + timedelta(microseconds=1),
        "every": timedelta(minutes=1),
    }
    return [ChartPoint(point.time, point.value) for point in service.link.query("chart", Point, params)]
