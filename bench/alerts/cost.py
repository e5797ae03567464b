"""What a check's run costs beside the two bare aggregates that it can't do without, as tasks inside influxd.

Where 500 spike also beside the two and 500 statuses by monitor.check, with nothing judged: the least it can cost.
"""

import statistics
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.alerts.market import SPIKES, fill, spike
from bench.board.tasks import stop_tasks, time_of
from bench.row import Row
from influx import flux, rules, server, server_process, tokens
from influx.check import FILE, Check, checks
from influx.client import Database
from influx.settings import Settings
from influx.stack import Setup
from tests.ports import free_port

BARE = (Path(__file__).parent / "bare.flux").read_text()
RAISING = (Path(__file__).parent / "raising.flux").read_text()
SIZES = (1_000, 10_000)
ROUNDS = 15
MOST = 1.5
TARGET_S = 5.0


def rows() -> Iterator[Row]:
    """Both metrics at every size, without a spike and with 500."""
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
    asked = {check.name: check for check in checks(rules.in_force(settings), settings)}
    both = (asked["price_3x"], asked["volume_3x"])
    for check in both:
        yield from beside(database, check, tick, f"{check.name}, {series:,} series, no spike", [BARE])
    spike(database, tick)
    for check in both:
        what = f"{check.name}, {series:,} series, {SPIKES} spikes"
        yield from beside(database, check, tick, what, [BARE, RAISING])


def beside(database: Database, check: Check, tick: datetime, what: str, peers: list[str]) -> Iterator[Row]:
    """Ours, bare and where it is given what raises, in turns; a ratio is the median of the turns'."""
    texts = [flux.with_params(text, check.params) for text in (flux.source(FILE), *peers)]
    times = [[time_of(database, text, tick) for text in texts] for _ in range(ROUNDS + 1)][1:]  # the first one warms
    ours = statistics.median(turn[0] for turn in times)
    bare, *raising = (statistics.median(turn[0] / turn[peer] for turn in times) for peer in range(1, len(texts)))
    yield Row(what=what, ours=ours, unit="s", peer=ours / bare, peer_name="two bare aggregates", most=MOST)
    for ratio in raising:
        yield Row(what=what, ours=ours, unit="s", peer=ours / ratio, peer_name=f"the two, {SPIKES} statuses")
    yield Row(what=what, ours=ours, unit="s", most=TARGET_S)
