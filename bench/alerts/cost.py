"""What a run of the checks costs beside the two bare aggregates that it can't do without, as tasks inside influxd."""

import statistics
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.alerts.market import SPIKES, fill, spike
from bench.board.tasks import stop_tasks, time_of
from bench.row import Row
from influx import flux, rules, server, server_process, tokens
from influx.check import FILE, Check, checks, params, runs
from influx.client import Database
from influx.settings import Settings
from influx.stack import Setup
from tests.ports import free_port

BARE = (Path(__file__).parent / "bare.flux").read_text()
SIZES = (1_000, 10_000)
ROUNDS = 25
MOST = 1.5
TARGET_S = 5.0


def rows() -> Iterator[Row]:
    """The run of the default rules on quotes at every size: without a spike, with 500 and 1,000; and of each alone."""
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
    together = runs(checks(rules.in_force(settings), settings))[0]
    market = f"{series:,} series"
    yield from beside(database, together, tick, f"{market}, no spike")
    spike(database, tick, ["price"])
    yield from beside(database, together, tick, f"{market}, {SPIKES} spikes")
    spike(database, tick, ["price", "volume"])
    yield from beside(database, together, tick, f"{market}, {2 * SPIKES:,} spikes")
    for check in together:
        yield from beside(database, [check], tick, f"{market}, {SPIKES} spikes")


def beside(database: Database, together: Sequence[Check], tick: datetime, where: str) -> Iterator[Row]:
    """Ours and bare in turns; the ratio is the median of the turns'."""
    texts = [flux.with_params(text, params(together)) for text in (flux.source(FILE), BARE)]
    times = [[time_of(database, text, tick) for text in texts] for _ in range(ROUNDS + 1)][1:]  # the first one warms
    ours, ratio = statistics.median(our for our, _ in times), statistics.median(our / bare for our, bare in times)
    what = f"{' and '.join(check.name for check in together)}, {where}"
    yield Row(what=what, ours=ours, unit="s", peer=ours / ratio, peer_name="two bare aggregates", most=MOST)
    yield Row(what=what, ours=ours, unit="s", most=TARGET_S)
