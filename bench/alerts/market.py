"""A filled hour for the checks: n series, a point a minute, and at the last minute 500 of them spike or none does."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from influx.client import Database

MINUTES = 61
LINES_A_REQUEST = 20_000
SPIKES = 500


def fill(database: Database, series: int, tick: datetime) -> None:
    """Writes price, volume and quote_volume of every series in the hour up to the tick, the tick included."""
    lines: list[str] = []
    for line in _lines(series, tick):
        lines.append(line)
        if len(lines) == LINES_A_REQUEST:
            database.write("quotes", "\n".join(lines).encode())
            lines.clear()
    if lines:
        database.write("quotes", "\n".join(lines).encode())


def spike(database: Database, tick: datetime, metrics: Sequence[str]) -> None:
    """Writes the tick again, with the first 500 series at 10 times what is usual in these metrics."""
    usual = {"price": _price, "volume": _volume}
    lines = [
        f"{_series(n)} {','.join(f'{metric}={10 * usual[metric](n)!r}' for metric in metrics)} {_ns(tick)}"
        for n in range(SPIKES)
    ]
    database.write("quotes", "\n".join(lines).encode())


def _lines(series: int, tick: datetime) -> Iterator[str]:
    draw = random.Random(series)
    for minute in range(MINUTES):
        time_ns = _ns(tick - timedelta(minutes=minute))
        for n in range(series):
            price = _price(n) * (1 + draw.uniform(-0.01, 0.01))
            yield f"{_series(n)} price={price!r},volume={1e6 / price!r},quote_volume={1e6 + minute!r} {time_ns}"


def _series(n: int) -> str:
    return f"quote,base=c{n},exchange=e{n % 12},pair=c{n}usd,quote=usd"


def _price(n: int) -> float:
    return 0.01 * (1 + n % 977)


def _volume(n: int) -> float:
    return 1e6 / _price(n)


def _ns(time: datetime) -> int:
    return int(time.timestamp()) * 10**9
