"""`make run` as a newcomer meets it: comes up, answers, survives kills, stops cleanly."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.eventually import eventually
from tests.instance import Instance
from tests.ports import free_port


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    """An instance that is stopped at the end, whatever the test did with it."""
    one = Instance(tmp_path, COINWATCH_EXCHANGES="kraken,binance")
    yield one
    if one.process is not None and one.process.poll() is None:
        one.stop(signal.SIGTERM)


def listed(instance: Instance) -> set[str]:
    """The pairs that are available: those with a price. The first board may be of a day half filled in."""
    answer = instance.answer("/metrics")
    return {metric["pair"] for metric in answer["metrics"]} if answer else set()


def is_priced(instance: Instance, pair: str) -> bool:
    row = instance.answer(f"/metrics/{pair}")
    return bool(row) and row["price"] is not None


def test_the_simulated_market_answers_within_two_polls(instance: Instance) -> None:
    pairs = {"btcusd", "ltcusd", "dogeusd"}
    instance.start("SIMULATE=1")
    instance.wait_until_up()
    eventually(lambda: pairs <= listed(instance), "the three pairs", within_s=90)
    for pair in pairs:
        eventually(partial(is_priced, instance, pair), f"{pair}'s price", within_s=90)
        row = instance.answer(f"/metrics/{pair}")
        assert row["pair"] == pair
        assert row["price"] > 0
        rank = eventually(partial(instance.answer, f"/rank/{pair}"), f"{pair}'s rank", within_s=90)
        assert 1 <= rank["rank"] <= rank["of"]
    assert pairs <= listed(instance)
    instance.stop()


def test_a_kill_of_any_part_needs_only_a_new_start(instance: Instance) -> None:
    instance.start("SIMULATE=1")
    instance.wait_until_up()
    first = eventually(lambda: instance.answer("/metrics/btcusd"), "btcusd", within_s=90)["chart"][0]
    for part in ("-m collector", "-m api", "influxd --bolt-path"):
        eventually(lambda: listed(instance), "data", within_s=90)
        instance.kill(part)
        assert instance.process is not None
        assert instance.process.wait(timeout=40) != 0, f"make run went on without {part}"
        instance.start("SIMULATE=1")
        instance.wait_until_up()
    chart = eventually(lambda: instance.answer("/metrics/btcusd"), "btcusd", within_s=90)["chart"]
    assert first["time"] in {point["time"] for point in chart}, "the points from before the kills are gone"
    instance.stop()


def test_a_stop_while_the_console_takes_nothing(instance: Instance) -> None:
    """As in `make run | less`: honcho still writes about the first signal when the second one comes."""
    os.mkfifo(instance.console)
    console = os.open(instance.console, os.O_RDWR | os.O_NONBLOCK)
    instance.start("SIMULATE=1")
    make = instance.process
    assert make is not None
    eventually(lambda: listed(instance), "data", within_s=90)
    for size in (4096, 1):
        with suppress(BlockingIOError):
            while True:
                os.write(console, bytes(size))
    family = psutil.Process(make.pid).children(recursive=True)
    for _ in range(2):
        os.killpg(make.pid, signal.SIGTERM)
        _, left = psutil.wait_procs(family, timeout=1)
    assert left, "the console took something"
    with os.fdopen(console, "rb", buffering=0) as pipe:
        eventually(lambda: pipe.read(65536) is None and make.poll() is not None, "the end", within_s=40)


def test_two_instances_run_side_by_side(instance: Instance, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Instance(tmp_path / "other", COINWATCH_EXCHANGES="binance", SEED="2")
    instance.start("SIMULATE=1")
    other.start("SIMULATE=1")
    try:
        for one in (instance, other):
            one.wait_until_up()
            eventually(lambda one=one: listed(one), "data", within_s=90)  # type: ignore[misc] # mypy can't type a default
        prices = [one.answer("/metrics/btcusd")["price"] for one in (instance, other)]
        assert prices[0] != prices[1]
    finally:
        other.stop()


def test_a_machine_without_the_internet_comes_up_and_says_what_to_do(tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    instance = Instance(
        tmp_path, COINWATCH_EXCHANGES="kraken,binance", COINWATCH_KRAKEN_URL=nowhere, COINWATCH_BINANCE_URL=nowhere
    )
    instance.start()
    try:
        instance.wait_until_up(within_s=90)
        assert instance.said("SIMULATE=1")
        readiness = instance.get("/readyz")
        assert readiness.status_code == 503
        assert "SIMULATE=1" in readiness.text
    finally:
        instance.stop(signal.SIGTERM)
