"""The simulator as a process on a real socket."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.eventually import eventually
from tests.exchange_simulator.running import CHECKOUT, Running, simulator

COMMAND = [sys.executable, "-m", "tests.exchange_simulator"]


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with simulator(pairs=50_000) as running:
        yield running


def prices(running: Running, exchange: str = "kraken", timeout_s: float = 30) -> bytes:
    path = {"kraken": "/0/public/Ticker", "binance": "/api/v3/ticker/24hr"}[exchange]
    answer = requests.get(running.exchange_url(exchange) + path, timeout=timeout_s)
    assert answer.status_code == 200
    return answer.content


def test_fifty_thousand_pairs_are_served_in_one_answer(running: Running) -> None:
    body = prices(running)

    assert body.count(b'"c":[') == 50_000


def test_two_exchanges_polled_side_by_side_are_both_served_and_journalled(running: Running) -> None:
    since_s = time.time()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda exchange: prices(running, exchange), ("kraken", "binance")))

    served = [quote.exchange for quote in running.journal(since_s)]
    assert {exchange: served.count(exchange) for exchange in set(served)} == {"kraken": 50_000, "binance": 50_000}


def test_a_hanging_exchange_answers_nothing_and_delays_no_other(running: Running) -> None:
    since_s = time.time()
    running.fault("kraken", "hang", seconds=60)

    with pytest.raises(requests.ReadTimeout):
        prices(running, "kraken", timeout_s=0.5)
    prices(running, "binance")

    assert [(request.exchange, request.status) for request in running.requests(since_s)] == [
        ("kraken", 0),
        ("binance", 200),
    ]
    running.fault("kraken", "none")
    prices(running, "kraken")


def test_a_hanging_answer_ends_when_the_fault_ends(running: Running) -> None:
    since_s = time.time()
    running.fault("kraken", "hang", seconds=60)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(requests.get, running.exchange_url("kraken") + "/0/public/Ticker", timeout=30)
        eventually(lambda: running.requests(since_s), "the request is waiting")
        running.fault("kraken", "none")
        assert waiting.result().status_code == 504


def test_a_port_that_is_taken_is_said_in_one_sentence(running: Running) -> None:
    port = running.url.rpartition(":")[2]

    ended = subprocess.run([*COMMAND, "--port", port], cwd=CHECKOUT, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert ended.stderr == f"port {port} can't be used: Address already in use; choose another with --port\n"


def test_fewer_than_three_pairs_are_wrong_usage() -> None:
    ended = subprocess.run([*COMMAND, "--pairs", "2"], cwd=CHECKOUT, capture_output=True, text=True, check=False)

    assert ended.returncode == 2
    assert "--pairs is 2; accepted: 3 or more" in ended.stderr


def test_sigterm_ends_it_cleanly_even_while_an_answer_hangs() -> None:
    with ThreadPoolExecutor(1) as pool, simulator(pairs=3) as running:
        running.fault("kraken", "hang", seconds=60)
        pool.submit(requests.get, running.exchange_url("kraken") + "/0/public/Ticker", timeout=30)
        eventually(running.requests, "the request is waiting")
        start = time.monotonic()
    assert time.monotonic() - start < 10
