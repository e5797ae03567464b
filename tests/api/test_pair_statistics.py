"""What a day's statistics say of their points: polled, healed, missing."""

import time

import pytest

from api.board import Board, Published, Series
from api.chart import ChartPoint, Metric
from api.link import Link
from api.pair_statistics import Points, of_series, of_traded, of_values
from influx.client import Database
from influx.settings import Settings


def series(price_count: float, volume_count: float, healed_count: float | None) -> Series:
    return Series(
        "btc",
        "kraken",
        "btcusd",
        "usd",
        price=1.0,
        price_count=price_count,
        volume_count=volume_count,
        healed_count=healed_count,
    )


@pytest.mark.parametrize(
    ("interval_s", "found", "metric", "points"),
    [
        (60, series(1440, 1440, None), "price", Points(1440, 1440, 0, 0)),
        (60, series(1400, 1300, 100), "price", Points(1440, 1300, 100, 40)),
        (60, series(1400, 1300, 100), "volume", Points(1440, 1300, 0, 140)),
        (10, series(8040, 8000, 40), "price", Points(8640, 8000, 240, 400)),  # a healed minute stands for six ticks
        (60, series(0, 0, None), "price", Points(1440, 0, 0, 1440)),
    ],
)
def test_every_tick_of_the_day_is_polled_healed_or_missing(
    interval_s: int, found: Series, metric: Metric, points: Points
) -> None:
    told = of_series(Board(Published(1_790_000_040, [found]), interval_s), found, metric)
    assert told.points == points
    assert told.coverage == pytest.approx(1 - points.missing / points.expected)


def test_values_that_are_put_together_are_points_too() -> None:
    told = of_values([ChartPoint("2026-11-24T00:00:00Z", 1.0)] * 1400)
    assert told.points == Points(1440, 1400, 0, 40)


def test_a_minute_without_a_trade_is_told_from_one_that_was_not_collected(
    influxd: Settings, operator: Database
) -> None:
    minute_s = int(time.time()) // 60 * 60
    tags = "base=btc,exchange=quiet,pair=btcusd,quote=usd"
    lines = [f"candle,{tags} volume={float(number % 4)!r} {(minute_s - 60 * number) * 10**9}" for number in range(1, 9)]
    operator.write("quotes", "\n".join(lines).encode())
    found = Series("btc", "quiet", "btcusd", "usd")
    told = of_traded(Link(influxd), Board(Published(minute_s, [found]), 60), found)
    assert told.points == Points(1440, 8, 0, 1432, quiet=2)
