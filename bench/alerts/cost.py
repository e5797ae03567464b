"""What a run of the checks costs beside the two bare aggregates that it can't do without, as tasks inside influxd."""

import statistics
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.alerts.market import SPIKES, fill, spike
from bench.board.tasks import stop_tasks, time_of
from bench.row import Row
from influx import flux, rules, server, server_process, tokens
from influx.check import WRITTEN, Check, checks, params, runs, text
from influx.client import Database
from influx.settings import Settings
from influx.stack import Setup
from tests.ports import free_port

HERE = Path(__file__).parent
BARE, RAISING = ((HERE / f"{name}.flux").read_text() for name in ("bare", "raising"))
SIZES = (1_000, 10_000)
ROUNDS = 25
PEER = "two bare aggregates"
MOST = 1.5
TARGET_S = 5.0


def rows() -> Iterator[Row]:
    """The runs of the default rules at every size, without a spike, with 500 and 1,000; and each as if alone."""
    for series in SIZES:
        with tempfile.TemporaryDirectory() as home:
            settings = Settings(home=Path(home), influx_port=free_port(), query_memory=16_384)
            with server_process.running(server.find_or_build(print), settings):
                Setup(settings).run()
                token = tokens.read(settings, tokens.OPERATOR) or ""
                database = Database(settings.url, settings.influx_org, token, timeout_s=900)
                yield from of_size(settings, database, series)
                database.close()


def of_size(settings: Settings, database: Database, series: int) -> Iterator[Row]:
    """The rows of one size."""
    stop_tasks(database)
    tick = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    fill(database, series, tick)
    quotes, candles, _ = runs(checks(rules.in_force(settings), settings))
    market = f"{series:,} series"
    yield from beside(database, quotes, tick, f"{market}, no spike")
    yield from beside(database, candles, tick, f"{market}, no spike")
    spike(database, tick, ["price", "traded"])
    yield from beside(database, quotes, tick, f"{market}, {SPIKES} spikes")
    yield from beside(database, candles, tick, f"{market}, {SPIKES} spikes")
    spike(database, tick, ["volume"])
    yield from beside(database, quotes, tick, f"{market}, {2 * SPIKES:,} spikes")
    for check in quotes:
        yield from beside(database, [check], tick, f"{market}, {SPIKES} spikes")
    for run in (quotes, candles):
        ours, ratio = measured(database, run, tick, RAISING)
        what = f"bare and {SPIKES} statuses of {names(run)}, nothing judged, {market}"
        yield Row(what=what, ours=ours, unit="s", peer=ours / ratio, peer_name=PEER)


def beside(database: Database, run: Sequence[Check], tick: datetime, where: str) -> Iterator[Row]:
    """A run's cost, and that it keeps the target."""
    ours, ratio = measured(database, run, tick, text(params(run), WRITTEN))
    what = f"{names(run)}, {where}"
    yield Row(what=what, ours=ours, unit="s", peer=ours / ratio, peer_name=PEER, most=MOST)
    yield Row(what=what, ours=ours, unit="s", most=TARGET_S)


def measured(database: Database, run: Sequence[Check], tick: datetime, source: str) -> tuple[float, float]:
    """Seconds of a text, and its ratio to bare: both in turns, the median of the turns'."""
    texts = [flux.with_params(one, params(run)) for one in (source, BARE)]
    due = tick + timedelta(seconds=run[0].back_s)
    times = [[time_of(database, one, due) for one in texts] for _ in range(ROUNDS + 1)][1:]  # the first one warms
    return statistics.median(our for our, _ in times), statistics.median(our / bare for our, bare in times)


def names(run: Sequence[Check]) -> str:
    """The checks of a run."""
    return " and ".join(check.name for check in run)
