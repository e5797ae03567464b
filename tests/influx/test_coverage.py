"""Coverage on the real database: polled, healed, missing; not traded and not collected are told apart."""

import time
from typing import TypeVar

from influx import coverage, flux
from influx.client import Database
from influx.coverage import Coverage

Row = TypeVar("Row")

NS = 1_000_000_000
STOP = int(time.time()) // 60 * 60
START = STOP - 10 * 60


def write(operator: Database, exchange: str, ticks: list[int], healed: list[int], candles: dict[int, float]) -> None:
    series = f"base=btc,exchange={exchange},pair=btcusd,quote=usd"
    lines = [f"quote,{series} price=1.5 {tick * NS}" for tick in ticks]
    lines += [f"quote,{series} price=1.5,healed=true {tick * NS}" for tick in healed]
    lines += [f"candle,{series} volume={volume!r} {minute * NS}" for minute, volume in candles.items()]
    if lines:
        operator.write("quotes", "\n".join(lines).encode())


def read(operator: Database, exchange: str) -> Coverage:
    def ask(name: str, row: type[Row], params: flux.Options) -> list[Row]:
        return operator.query(flux.source(f"queries/{name}"), row, {"params": params})

    return coverage.coverage(ask, exchange, "btcusd", START, STOP)


def test_every_minute_is_polled_healed_or_missing(operator: Database) -> None:
    ticks = [START + 60 * minute for minute in (1, 2, 3, 4, 10)]
    healed = [START + 60 * minute for minute in (5, 6)]
    write(operator, "coverage-a", [*ticks, START, STOP + 60], healed, {})  # the last two lie outside
    assert read(operator, "coverage-a") == Coverage(expected=10, polled=5, healed=2, missing=3, candles=0, quiet=0)


def test_several_polls_of_a_minute_are_one_minute(operator: Database) -> None:
    write(operator, "coverage-b", list(range(START + 5, STOP + 5, 5)), [], {})
    assert read(operator, "coverage-b") == Coverage(expected=10, polled=10, healed=0, missing=0, candles=0, quiet=0)


def test_a_minute_without_a_trade_is_told_from_one_that_was_not_collected(operator: Database) -> None:
    ticks = [START + 60 * minute for minute in range(1, 9)]
    candles = {START + 60 * minute: float(minute % 2) for minute in range(8)}
    write(operator, "coverage-c", ticks, [], candles)
    assert read(operator, "coverage-c") == Coverage(expected=10, polled=8, healed=0, missing=2, candles=8, quiet=4)


def test_nothing_at_all_is_all_missing(operator: Database) -> None:
    assert read(operator, "coverage-d") == Coverage(expected=10, polled=0, healed=0, missing=10, candles=0, quiet=0)
