"""The board's task beside its bare aggregates and beside the naive ways, at 1,000 and 10,000 series x 24 h.

Prints a table with ratios; each ratio is of two runs that followed each other, the median of ROUNDS.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from api.board import Series
from bench.board.market import fill, last_minute
from bench.board.tasks import time_of
from influx import flux, server, server_process, tokens
from influx.client import Database
from influx.jobs import board
from influx.settings import Settings
from influx.stack import Setup
from tests.ports import free_port

HERE = Path(__file__).parent
ROUNDS = 3
NAIVE = ("map", "ungrouped", "pivot", "join")
_ = (Struct, Series, Callable, time)


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or [1_000, 10_000]
    table = Table("series", "what", "s", "of bare", title="bench/board: one run over 24 h at one point a minute")
    for series in sizes:
        for row in measure(series):
            table.add_row(*row)
    Console(width=120).print(table)


def measure(series: int) -> list[tuple[str, str, str, str]]:
    """The rows of one size, on an influxd of its own."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), influx_port=free_port(), query_memory=16_384)
        with server_process.running(server.find_or_build(print), settings) as influxd:
            Setup(settings).run()
            token = tokens.read(settings, tokens.OPERATOR) or ""
            database = Database(settings.url, settings.influx_org, token, timeout_s=900)
            minute = last_minute()
            fill(database, series, minute)
            params = board(settings).params
            texts = {name: flux.with_params((HERE / f"{name}.flux").read_text(), params) for name in ("bare", *NAIVE)}
            texts["board"] = board(settings).text
            times: dict[str, list[float]] = {}
            for _round in range(ROUNDS):
                for name in ("bare", "board"):
                    times.setdefault(name, []).append(time_of(database, texts[name], minute))
            peak_mb = psutil.Process(influxd.pid).memory_info().rss / 1e6
            for name in NAIVE:
                times[name] = [time_of(database, texts[name], minute)]
            database.close()
    bare = statistics.median(times["bare"])
    rows = []
    for name, taken in times.items():
        ratios = [mine / theirs for mine, theirs in zip(taken, times["bare"], strict=False)]
        rows.append((f"{series:,}", name, f"{statistics.median(taken):.2f}", f"{statistics.median(ratios):.2f}"))
    rows.append((f"{series:,}", "influxd after the boards, MB", f"{peak_mb:,.0f}", f"bare {bare:.2f} s"))
    return rows


if __name__ == "__main__":
    main()
