"""The rolling 24 h volume from minute candles."""

import math
import random

from collector.day_volume import UNKNOWN, day_volumes
from collector.exchange import Candle

DAY = 1440


def candle(minute: int, volume: float, price: float = 2.0) -> Candle:
    return Candle(60 * minute, price, price, price, price, volume)


def test_it_is_known_once_candles_reach_back_a_whole_day() -> None:
    volumes = [volume for _, volume in day_volumes(candle(minute, 1.0) for minute in range(DAY + 5))]
    assert volumes[DAY - 2] == UNKNOWN
    assert volumes[DAY - 1].base == 1440
    assert volumes[-1].base == 1440


def test_it_equals_the_sum_over_the_last_1440_minutes_to_the_last_bit() -> None:
    seeded = random.Random(3)
    traded = [seeded.lognormvariate(0, 5) for _ in range(DAY + 200)]
    *_, (_, last) = day_volumes(candle(minute, volume) for minute, volume in enumerate(traded))
    assert last.base == math.fsum(traded[-DAY:])
    assert last.quote == math.fsum(2.0 * volume for volume in traded[-DAY:])


def test_a_minute_without_a_candle_had_no_trade() -> None:
    *_, (_, last) = day_volumes(candle(minute, 1.0) for minute in range(DAY + 5) if minute % 2 == 0)
    assert last.base == 720


def test_no_sum_is_given_over_a_hole_of_more_than_an_hour() -> None:
    minutes = [*range(DAY), *range(DAY + 60, 2 * DAY + 60)]
    volumes = [volume for _, volume in day_volumes(candle(minute, 1.0) for minute in minutes)]
    assert volumes[DAY - 1].base == 1440
    assert volumes[DAY] == UNKNOWN
    assert volumes[-2] == UNKNOWN
    assert volumes[-1].base == 1440


def test_turnover_is_the_volume_at_the_typical_price() -> None:
    candles = [Candle(60 * minute, 9.0, 4.0, 1.0, 1.0, 10.0) for minute in range(DAY)]
    *_, (_, last) = day_volumes(candles)
    assert last.quote == 10.0 * 2.0 * DAY
