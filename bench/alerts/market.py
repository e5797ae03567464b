"""A filled hour for the checks: n series, a quote and a candle a minute; 500 may spike at the last."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from influx.check import SOURCES
from influx.client import Database

MINUTES = 61
LINES_A_REQUEST = 20_000
SPIKES = 500


def fill(database: Database, series: int, tick: datetime) -> None:
    """Writes a quote and a candle of every series in the hour up to the tick, the tick included."""
    lines: list[str] = []
    for line in _lines(series, tick):
        lines.append(line)
        if len(lines) == LINES_A_REQUEST:
            database.write("quotes", "\n".join(lines).encode())
            lines.clear()
    if lines:
        database.write("quotes", "\n".join(lines).encode())


def spike(database: Database, tick: datetime, metrics: Sequence[str]) -> None:
    """Writes the tick again, with the first 500 series at 100 times what is usual in these metrics."""
    usual = {"price": _price, "volume": _volume, "traded": _volume}
    lines = [
        f"{_series(SOURCES[metric].measurement, n)} {SOURCES[metric].field}={100 * usual[metric](n)!r} {_ns(tick)}"
        for metric in metrics
        for n in range(SPIKES)
    ]
    database.write("quotes", "\n".join(lines).encode())


def _lines(series: int, tick: datetime) -> Iterator[str]:
    draw = random.Random(series)
    for minute in range(MINUTES):
        time_ns = _ns(tick - timedelta(minutes=minute))
        for n in range(series):
            price = _price(n) * (1 + draw.uniform(-0.01, 0.01))
            volume = 1e6 / price
            yield f"{_series('quote', n)} price={price!r},volume={volume!r},quote_volume={1e6 + minute!r} {time_ns}"
            bounds = f"open={price!r},high={price!r},low={price!r},close={price!r}"
            yield f"{_series('candle', n)} {bounds},volume={volume!r} {time_ns}"


def _series(measurement: str, n: int) -> str:
    return f"{measurement},base=c{n},exchange=e{n % 12},pair=c{n}usd,quote=usd"


def _price(n: int) -> float:
    return 0.01 * (1 + n % 977)


def _volume(n: int) -> float:
    return 1e6 / _price(n)


def _ns(time: datetime) -> int:
    return int(time.timestamp()) * 10**9
