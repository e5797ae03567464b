"""The whole collector under faults, with real processes: 0 lost, 0 doubled.

What it took is known from the simulator's journal and from the collector's own figures; all of it must be stored once.
`KILLS=100` makes the collector die a hundred times instead of thirty.
"""

import os
import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from influx.settings import Settings
from influx.stack import Setup
from tests.collector.collector_process import INTERVAL_S, Collector, Poll, all_counted, all_there, home_of, served
from tests.eventually import eventually
from tests.exchange_simulator.running import simulator
from tests.restartable import Influxd

KILLS = int(os.environ.get("KILLS", "30"))
PAIRS = 200


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return home_of(tmp_path)


@pytest.fixture
def influxd(settings: Settings) -> Iterator[Influxd]:
    with Influxd(settings) as influxd:
        Setup(settings).run()
        yield influxd


def wait_for_polls(collector: Collector, count: int) -> None:
    """Waits until so many more polls of each exchange are on disk."""
    for _ in range(count):
        before = collector.taken()
        eventually(lambda before=before: not (collector.taken() & before), "the next tick", every_s=0.1)  # type: ignore[misc] # mypy does not infer a lambda's default


def wait_for_tick() -> None:
    """Waits for the instant at which polls begin."""
    tick = time.time() // INTERVAL_S
    eventually(lambda: time.time() // INTERVAL_S > tick, "the next tick", every_s=0.005)


def test_influxd_killed_in_writes_and_away_for_many_polls_costs_nothing(settings: Settings, influxd: Influxd) -> None:
    with simulator(PAIRS) as exchanges, Collector(settings, exchanges) as collector:
        wait_for_polls(collector, 1)
        for wait_s in (0.2, 0.3, 0.4):
            wait_for_tick()
            time.sleep(wait_s)
            influxd.kill()
            influxd.start()
        influxd.kill()
        wait_for_polls(collector, 3)
        influxd.start()
        wait_for_polls(collector, 1)
        counted = collector.counted()
        collector.emptied()
        assert collector.stop() == 0
        all_counted(counted, all_there(served(exchanges), settings, exchanges))
        assert len(served(exchanges)) >= 10


def test_the_collector_killed_at_random_moments_loses_nothing_it_took(settings: Settings, influxd: Influxd) -> None:
    chance = random.Random(14)
    taken: set[Poll] = set()
    with simulator(PAIRS) as exchanges:
        collector = Collector(settings, exchanges)
        for _ in range(KILLS):
            with collector:
                time.sleep(chance.uniform(0.2, 2.5))
                taken |= collector.taken()
        with collector:
            wait_for_polls(collector, 1)
            collector.emptied()
            assert collector.stop() == 0
        all_there(taken, settings, exchanges)
        assert len(taken) > KILLS / 4


def test_a_second_collector_on_the_same_home_is_told_who_the_first_is(settings: Settings) -> None:
    with simulator(3) as exchanges, Collector(settings, exchanges) as first:
        eventually(lambda: first.figures("coinwatch_spool_batches")[0], "a collector that runs")
        second = subprocess.run(first.command, env=first.environment, capture_output=True, check=False, timeout=30)
        assert second.returncode == 1
        assert b"belongs to a running collector (process " in second.stderr


@pytest.mark.parametrize("cause", ["bound", "disk"])
def test_a_full_spool_stops_collecting_drops_nothing_and_goes_on(
    cause: str, settings: Settings, influxd: Influxd
) -> None:
    spool = settings.home / "spool"
    spool.mkdir()
    mount = f'mount -t tmpfs -o size=700k tmpfs {spool} && exec "$@"'
    around = ["unshare", "--map-root-user", "--mount", "sh", "-c", mount, "sh"] if cause == "disk" else []
    if around and subprocess.run([*around, "true"], check=False).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    influxd.kill()
    limit = {"COINWATCH_SPOOL_LIMIT": "1"} if cause == "bound" else {}
    # An empty spool has room for the polls of a few ticks.
    with simulator(1500) as exchanges, Collector(settings, exchanges, around=around, **limit) as collector:
        eventually(lambda: lost_by(collector), "no room", within_s=60)
        influxd.start()
        collector.emptied()
        wait_for_polls(collector, 1)
        counted, lost = collector.counted(), lost_by(collector)
        collector.emptied()
        assert collector.stop() == 0
        points = all_there([], settings, exchanges)
        all_counted(counted, points)
        assert sum(count for count, _ in counted.values()) + lost <= len(exchanges.journal())
        began, ended = collector.said("coinwatch.spool")
        assert began.startswith("spool: no room since")
        assert ended.startswith("spool: room again after")


def lost_by(collector: Collector) -> float:
    """The quotes for which there was no room."""
    return sum(collector.figures("coinwatch_quotes_without_room_total")[0].values())
