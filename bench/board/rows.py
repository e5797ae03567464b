"""The board's task beside its bare aggregates and beside the naive ways; reading one board back beside its query.

Ours and bare take turns, and a ratio is the median of the turns': the machine's drift falls out of it. influxd has
compacted the day's points before.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from api.link import Link
from api.reader import read_board
from bench.board.market import fill, last_minute
from bench.board.tasks import stop_tasks, time_of
from bench.row import Row
from bench.usage import cpu_s, peak_mb
from influx import flux, server, server_process, tokens
from influx.client import Database
from influx.jobs import board
from influx.settings import Settings
from influx.stack import Setup
from tests.eventually import eventually
from tests.ports import free_port

HERE = Path(__file__).parent
SIZES = (1_000, 10_000)
ROUNDS = 5
NAIVE = {
    "map": "rows shaped by map",
    "ungrouped": "a table a series into to()",
    "pivot": "union and pivot, a wide row",
    "join": "a join of two of the figures alone",
}
TARGET_S = 12.0
LOOK_S, IDLE = 5, 0.1


def rows() -> Iterator[Row]:
    """Every figure at every size, on an influxd of its own each."""
    seconds = []
    for series in SIZES:
        with filled(series) as (settings, database, minute, pid):
            taken, ratio = against_bare(settings, database, minute)
            seconds.append(taken)
            what = f"board, {series:,} series x 24 h"
            yield Row(what=what, ours=taken, unit="s", peer=taken / ratio, peer_name="bare aggregates", most=1.25)
            yield Row(what=f"{what}: influxd's peak memory", ours=peak_mb(pid), unit="MB")
            yield from reading(settings, database, minute, series)
            for name, way in NAIVE.items():
                naive = time_of(database, _text(settings, name), minute)
                yield Row(what=what, ours=taken, unit="s", peer=naive, peer_name=way)
    linear = seconds[0] * SIZES[-1] / SIZES[0]
    yield Row(what="growth of the board", ours=seconds[-1], unit="s", peer=linear, peer_name="linear", most=1.0)
    yield Row(what=f"board at {SIZES[-1]:,} series", ours=seconds[-1], unit="s", most=TARGET_S)


@contextmanager
def filled(series: int) -> Iterator[tuple[Settings, Database, datetime, int]]:
    """An influxd that holds 24 h of the series, and its process."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), influx_port=free_port(), query_memory=16_384)
        with server_process.running(server.find_or_build(print), settings) as influxd:
            Setup(settings).run()
            token = tokens.read(settings, tokens.OPERATOR) or ""
            database = Database(settings.url, settings.influx_org, token, timeout_s=900)
            stop_tasks(database)
            minute = last_minute()
            fill(database, series, minute)
            settle(influxd.pid)
            yield settings, database, minute, influxd.pid
            database.close()


def settle(pid: int) -> None:
    """Returns when influxd has compacted what was written at once here, and in a day elsewhere."""

    def idle() -> bool:
        before_s = cpu_s(pid)
        time.sleep(LOOK_S)
        return cpu_s(pid) - before_s < IDLE * LOOK_S

    eventually(idle, "influxd is idle", within_s=600)


def against_bare(settings: Settings, database: Database, minute: datetime) -> tuple[float, float]:
    """The task's median time in seconds, and the median of its ratios to the bare aggregates."""
    texts = [board(settings).text, _text(settings, "bare")]
    times = [[time_of(database, text, minute) for text in texts] for _ in range(ROUNDS + 1)][1:]  # the first one warms
    return statistics.median(ours for ours, _ in times), statistics.median(ours / bare for ours, bare in times)


def reading(settings: Settings, database: Database, minute: datetime, series: int) -> Iterator[Row]:
    """The API's reading of one board, its records made, beside the time of the bare query."""
    link = Link(settings)
    params: flux.Options = {"minute": minute, "after": minute.replace(second=1)}
    text = flux.source("queries/board")
    times = [
        (timed(lambda: read_board(link, minute)), timed(lambda: database.query_csv(text, {"params": params})))
        for _ in range(ROUNDS + 1)
    ][1:]
    ours = statistics.median(ours for ours, _ in times)
    ratio = statistics.median(ours / bare for ours, bare in times)
    what = f"reading a board of {series:,} series"
    yield Row(what=what, ours=ours, unit="s", peer=ours / ratio, peer_name="its query", most=1.2)


def timed(call: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    call()
    return time.perf_counter() - began_s


def _text(settings: Settings, name: str) -> str:
    return flux.with_params((HERE / f"{name}.flux").read_text(), board(settings).params)
