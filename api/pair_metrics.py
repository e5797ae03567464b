"""GET /metrics/{pair}: one pair's values, its 24 h statistics, its ranks and its chart, on one exchange or over all."""

from typing import Annotated

from msgspec import Meta, Struct
from starlette.concurrency import run_in_threadpool

from api import asked as words
from api import figures
from api.asked import ALL, find_market, find_series
from api.board import Board, Market, State
from api.chart import ChartPoint, Metric
from api.composite import Composite
from api.from_board import FromBoard, members
from api.pair_statistics import Statistics
from api.ranking import By, ranking
from api.service import Service
from api.span import MINUTE_S, MOST_POINTS, Stretch, every_pattern, rfc3339, span


class Asked(Stretch, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which pair, what of it, where and when."""

    pair: words.PairText
    metric: Annotated[
        Metric,
        Meta(
            description="what statistics and chart show: price, the exchange's rolling 24 h volume, or the volume "
            "traded in each window (from the exchange's candles)",
            examples=["price"],
        ),
    ] = "price"
    every: Annotated[
        str | None,
        Meta(
            description="length of a window: 1m or longer that divides a day, such as 5m or 4h, or 1d or 1w; "
            f"unless told the shortest that gives at most {MOST_POINTS} windows",
            examples=["5m"],
            extra_json_schema={"pattern": every_pattern(MINUTE_S)},
        ),
    ] = None
    exchange: Annotated[
        words.Name | None,
        Meta(description="an exchange, or all: the median price over all of them; unless told the main one"),
    ] = None


class ShortRank(Struct, frozen=True):
    """A place among all pairs, each by its main exchange."""

    rank: Annotated[int, Meta(ge=1, examples=[3])]
    of: Annotated[int, Meta(ge=1, examples=[100])]
    text: Annotated[str, Meta(examples=["3/100"])]


class PairRanks(Struct, frozen=True):
    """The pair's places; null where it has none."""

    stddev: ShortRank | None
    volatility: ShortRank | None
    quote_volume: ShortRank | None
    change: ShortRank | None


class PairMetrics(FromBoard, frozen=True, kw_only=True):
    """One pair."""

    pair: words.PairName
    base: words.Base
    quote: words.Quote
    exchange: Annotated[str, Meta(description="exchange of the figures, or all", examples=["kraken"])]
    main_exchange: Annotated[str, Meta(description="the exchange with the largest quote volume", examples=["kraken"])]
    exchanges: words.Exchanges
    state: Annotated[
        State,
        Meta(
            description="listed; frozen: neither price nor volume has moved for 24 h; off: no fresh quote",
            examples=["listed"],
        ),
    ]
    metric: Annotated[Metric, Meta(description="what statistics and chart show", examples=["price"])]
    price: Annotated[float | None, Meta(description="newest price, in quote currency", examples=[87012.5])]
    volume: words.Volume
    quote_volume: words.QuoteVolume
    change_24h: words.Change
    change_24h_note: Annotated[str | None, Meta(description="why there is no change_24h", examples=[None])]
    statistics: Statistics
    ranks: PairRanks
    composite: Annotated[Composite | None, Meta(description="with exchange=all: what it is made of")]
    chart_from: Annotated[str, Meta(extra_json_schema={"format": "date-time"}, examples=["2026-11-23T12:01:00Z"])]
    chart_every_s: Annotated[int, Meta(description="length of the chart's windows in seconds", examples=[60])]
    chart: list[ChartPoint]


async def pair_metrics(service: Service, asked: Asked) -> PairMetrics:
    """Show one pair: current values, 24 h statistics, ranks and chart."""
    board = service.shelf.require_board()
    market = find_market(board, asked.pair, unlisted=True)
    stretch = span(asked, asked.every, board.minute_s, MINUTE_S, service.settings)
    over_all = asked.exchange is not None and asked.exchange.lower() == ALL
    one = None if over_all else find_series(market, asked.exchange)
    link = service.require_database()
    if one is not None:
        found = await figures.of_one(service.asking, board, one, asked.metric, stretch)
    else:
        found = await run_in_threadpool(figures.of_all, link, board, market, asked.metric, stretch)
    return PairMetrics(
        **members(service.shelf, board),
        pair=market.pair,
        base=market.base,
        quote=market.quote,
        exchange=one.exchange if one else ALL,
        main_exchange=market.main.exchange,
        exchanges=[series.exchange for series in market.series],
        state=market.state,
        metric=asked.metric,
        price=found.price,
        volume=found.volume,
        quote_volume=found.quote_volume,
        change_24h=found.change_24h,
        change_24h_note=found.note,
        statistics=found.statistics,
        ranks=_ranks(board, market, asked.metric),
        composite=found.composite,
        chart_from=rfc3339(stretch.start_s),
        chart_every_s=stretch.every_s,
        chart=found.values,
    )


def _ranks(board: Board, market: Market, metric: Metric) -> PairRanks:
    def place(by: By) -> ShortRank | None:
        of_what = "price" if by in ("quote_volume", "change") or metric == "traded" else metric
        found = ranking(board, by, of_what, ALL)
        place = found.of_pair.get(market.pair)
        of = len(found.places)
        return ShortRank(place.rank, of, f"{place.rank}/{of}") if place else None

    return PairRanks(place("stddev"), place("volatility"), place("quote_volume"), place("change"))
