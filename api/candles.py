"""GET /pairs/{pair}/candles: open, high, low, close and volume of each window, on the clock of a time zone.

A window is merged from the exchange's own candles; quotes help where these lack minutes (api/telling.py).
"""

from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from api import asked as words
from api import windows
from api.asked import find_market, find_series
from api.from_board import FromBoard, members
from api.service import Service
from api.span import MINUTE_S, MOST_POINTS, Span, Stretch, every_pattern, span
from api.telling import Source, Telling
from api.zone import rfc3339_there, window_start, window_stop, zone

SHORTEST_S = 5 * MINUTE_S


class Asked(Stretch, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which pair, where, when, and on whose clock."""

    pair: words.PairText
    every: Annotated[
        str | None,
        Meta(
            description="length of a window: 5m or longer that divides a day, such as 15m or 4h, or 1d or 1w; "
            f"unless told the shortest that gives at most {MOST_POINTS} windows",
            examples=["1h"],
            extra_json_schema={"pattern": every_pattern(SHORTEST_S)},
        ),
    ] = None
    exchange: Annotated[
        words.Name | None, Meta(description="the exchange; unless told the main one", examples=["kraken"])
    ] = None
    tz: Annotated[words.Name, Meta(description="time zone whose days and hours count", examples=["Europe/Rome"])] = (
        "UTC"
    )


class Candle(Struct, frozen=True):
    """One window."""

    time: Annotated[
        str,
        Meta(
            description="its start, on the clock of tz",
            extra_json_schema={"format": "date-time"},
            examples=["2026-11-24T00:00:00+01:00"],
        ),
    ]
    open: Annotated[float, Meta(examples=[86950.1])]
    high: Annotated[float, Meta(examples=[87120.0])]
    low: Annotated[float, Meta(examples=[86800.5])]
    close: Annotated[float, Meta(examples=[87012.5])]
    volume: Annotated[
        float | None,
        Meta(description="traded in it by the known candles, in base currency; null when sampled", examples=[42.5]),
    ]
    partial: Annotated[bool, Meta(description="the window is not over, or is cut by from or to", examples=[False])]
    source: Annotated[
        Source,
        Meta(
            description="candles: the exchange's own have every minute that quotes have; mixed: quotes have further "
            "minutes, and their prices count too; sampled: made of quotes, no candle is known",
            examples=["candles"],
        ),
    ]
    coverage: Annotated[float, Meta(description="part of its minutes that there are", ge=0, le=1, examples=[1.0])]


class Candles(FromBoard, frozen=True, kw_only=True):
    """One pair's windows, the oldest first."""

    pair: words.PairName
    exchange: words.Exchange
    tz: Annotated[str, Meta(examples=["Europe/Rome"])]
    every_s: Annotated[int, Meta(description="length of a window in seconds, as a rule", examples=[86400])]
    candles: list[Candle]


def candles(service: Service, asked: Asked) -> Candles:
    """Show one pair's candles."""
    board = service.shelf.require_board()
    market = find_market(board, asked.pair, unlisted=True)
    series = find_series(market, asked.exchange)
    tz = zone(asked.tz)
    on_clock = partial(window_start, tz=tz)
    stretch = span(asked, asked.every, board.minute_s, SHORTEST_S, service.settings, on_clock)
    found = windows.read(service.require_database(), series, stretch, tz, board.minute_s, service.settings)
    return Candles(
        **members(service.shelf, board),
        pair=market.pair,
        exchange=series.exchange,
        tz=tz.key,
        every_s=stretch.every_s,
        candles=[_candle(start_s, window, stretch, tz, board.minute_s) for start_s, window in found.items()],
    )


def _candle(start_s: int, window: Telling, whole: Span, tz: ZoneInfo, minute_s: int) -> Candle:
    stop_s = window_stop(start_s, whole.every_s, tz)
    past_s = min(stop_s, minute_s + MINUTE_S) - start_s
    return Candle(
        time=rfc3339_there(start_s, tz),
        open=window.open,
        high=window.high,
        low=window.low,
        close=window.close,
        volume=window.volume,
        partial=stop_s > min(minute_s + MINUTE_S, whole.stop_s),
        source=window.source,
        coverage=min(1.0, window.covered_s / past_s),
    )
