"""A filled database for the board: n series, a point a minute over 24 h, written as the collector does."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from influx.client import Database

MINUTES = 24 * 60
LINES_A_REQUEST = 20_000


def fill(database: Database, series: int, minute: datetime) -> None:
    """Writes price, volume and quote_volume of every series at each of the 1,440 minutes up to `minute`."""
    lines: list[str] = []
    for line in _lines(series, minute):
        lines.append(line)
        if len(lines) == LINES_A_REQUEST:
            database.write("quotes", "\n".join(lines).encode())
            lines.clear()
    if lines:
        database.write("quotes", "\n".join(lines).encode())


def _lines(series: int, minute: datetime) -> Iterator[str]:
    draw = random.Random(series)
    tags = [f"quote,base=c{n},exchange=e{n % 12},pair=c{n}usd,quote=usd" for n in range(series)]
    prices = [draw.uniform(1e-3, 1e3) for _ in range(series)]
    first = minute - timedelta(minutes=MINUTES - 1)
    for at in range(MINUTES):
        time = int((first + timedelta(minutes=at)).timestamp()) * 1_000_000_000
        for n in range(series):
            prices[n] *= 1 + draw.gauss(0, 1e-3)
            price = prices[n]
            yield f"{tags[n]} price={price!r},volume={1e6 / price!r},quote_volume={1e6 + at!r} {time}"


def last_minute() -> datetime:
    """The newest full minute."""
    return datetime.now(UTC).replace(second=0, microsecond=0)
