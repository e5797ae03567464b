"""A small market as raw points: known to the tests in Python, written to the real database as the collector would."""

import itertools
import math
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from influx import flux
from influx.client import Database
from influx.jobs import board
from influx.settings import Settings


class Point(NamedTuple):
    """One quote."""

    time: datetime
    price: float
    volume: float | None
    quote_volume: float | None


class Key(NamedTuple):
    """A series' tags."""

    base: str
    exchange: str
    pair: str
    quote: str


class MinuteCandle(NamedTuple):
    """One of the exchange's own candles, at its start."""

    time: datetime
    open: float
    high: float
    low: float
    close: float
    volume: float


Market = dict[Key, list[Point]]
Candles = dict[Key, list[MinuteCandle]]


def key(base: str, quote: str, exchange: str) -> Key:
    """The tags of base and quote on an exchange."""
    return Key(base, exchange, base + quote, quote)


def walk(
    seed: str, until: datetime, price: float, volume: float, hours: float = 25, swing: float = 0.001
) -> Iterator[Point]:
    """A random walk at one point a minute, the last one at `until`."""
    dice = random.Random(seed)
    for minute in range(math.ceil(hours * 60) - 1, -1, -1):
        price *= 1 + dice.uniform(-swing, swing)
        volume *= 1 + dice.uniform(-swing, swing)
        yield Point(until - timedelta(minutes=minute), price, volume, price * volume)


def candles_of(seed: str, points: list[Point], but: range) -> list[MinuteCandle]:
    """A candle for each minute between two points; none for those that lie so many minutes back as `but` says."""
    dice = random.Random(seed)
    pairs = itertools.pairwise(points)
    return [
        MinuteCandle(
            time=now.time,
            open=now.price,
            high=max(now.price, later.price) * (1 + dice.uniform(0, 0.001)),
            low=min(now.price, later.price) * (1 - dice.uniform(0, 0.001)),
            close=later.price,
            volume=dice.choice([0.0, dice.uniform(1, 100)]),
        )
        for now, later in pairs
        if (points[-1].time - now.time) // timedelta(minutes=1) not in but
    ]


def candle_lines(candles: Candles) -> bytes:
    """The candles as line protocol."""
    return "\n".join(_candle_line(tags, candle) for tags, found in candles.items() for candle in found).encode()


def _candle_line(tags: Key, candle: MinuteCandle) -> str:
    named = ",".join(f"{name}={value}" for name, value in tags._asdict().items())
    fields = ",".join(f"{name}={getattr(candle, name)!r}" for name in ("open", "high", "low", "close", "volume"))
    return f"candle,{named} {fields} {int(candle.time.timestamp())}000000000"


def lines(market: Market) -> bytes:
    """The market as line protocol."""
    return "\n".join(_line(tags, point) for tags, points in market.items() for point in points).encode()


def _line(tags: Key, point: Point) -> str:
    named = ",".join(f"{name}={value}" for name, value in tags._asdict().items())
    fields = [f"price={point.price!r}"]
    if point.volume is not None:
        fields.append(f"volume={point.volume!r}")
    if point.quote_volume is not None:
        fields.append(f"quote_volume={point.quote_volume!r}")
    return f"quote,{named} {','.join(fields)} {int(point.time.timestamp())}000000000"


def make_board(database: Database, minute: datetime) -> None:
    """Runs the board's own task file as of that minute."""
    database.query_csv(flux.source("tasks/board"), {"params": board(Settings()).params}, minute + timedelta(seconds=10))
