"""Exchanges side by side: none waits for another, and no tick is lost."""

import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from collector.exchanges.binance import Binance
from collector.exchanges.kraken import Kraken
from collector.feed import Feed, Polled
from collector.poller import GRACE_S, SHARE, Lane, Poller
from collector.telemetry import Telemetry
from influx import schema
from tests.collector.canned_server import KRAKEN, canned_server
from tests.collector.kept_lines import KeptLines
from tests.collector.raw_server import hang, raw_server
from tests.eventually import eventually
from tests.exchange_simulator.running import Running, simulator
from tests.ports import free_port

INTERVAL_S = 2
QUOTES = schema.QUOTES.name


@pytest.fixture(scope="module")
def market() -> Iterator[Running]:
    with simulator(pairs=20) as running:
        yield running


@pytest.fixture
def sink() -> KeptLines:
    return KeptLines()


def ticks(sink: KeptLines, exchange: str) -> list[int]:
    """The ticks of an exchange's quotes, each once, in the order in which they were taken."""
    lines = [line for line in sink.of(QUOTES) if f"exchange={exchange}," in line]
    return list(dict.fromkeys(int(line.rsplit(" ", 1)[1]) // 10**9 for line in lines))


class InThread:
    """A poller in a thread of its own."""

    def __init__(self, feeds: list[Feed], interval_s: int = INTERVAL_S) -> None:
        self.polls: list[Polled] = []
        self.telemetry = Telemetry([feed.name for feed in feeds])
        self.stop = threading.Event()
        self.poller = Poller(feeds, interval_s, self.telemetry, done=self.polls.append)
        self._thread = threading.Thread(target=self.poller.run, args=(self.stop,))

    def figure(self, name: str, **labels: str) -> float:
        return self.telemetry.registry.get_sample_value(name, labels) or 0.0

    def __enter__(self) -> "InThread":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self._thread.join()


def test_an_exchange_that_hangs_delays_no_tick_of_another(tmp_path: Path, market: Running, sink: KeptLines) -> None:
    with raw_server(hang) as url:
        feeds = [
            Feed(Kraken(), url, tmp_path, sink),
            Feed(Binance(), market.exchange_url("binance"), tmp_path, sink),
        ]
        with InThread(feeds) as running:
            eventually(lambda: len(ticks(sink, "binance")) >= 4, "four ticks of Binance")
    found = ticks(sink, "binance")
    assert found == list(range(found[0], found[0] + len(found) * INTERVAL_S, INTERVAL_S))
    binance = [polled for polled in running.polls if polled.exchange == "binance"]
    assert all(polled.took_s < SHARE * INTERVAL_S for polled in binance)
    assert {polled.state.name for polled in running.polls if polled.exchange == "kraken"} == {"down"}


def test_the_first_poll_is_of_the_present_tick_and_comes_at_once(
    tmp_path: Path, market: Running, sink: KeptLines
) -> None:
    began_s = time.time()
    with InThread([Feed(Binance(), market.exchange_url("binance"), tmp_path, sink)]):
        eventually(lambda: ticks(sink, "binance"), "a tick", within_s=5)
    assert ticks(sink, "binance")[0] <= began_s


def test_a_tick_that_comes_during_a_poll_is_polled_next_and_the_newest_of_several() -> None:
    go_on, polled = threading.Semaphore(0), []

    def poll(tick_s: int) -> None:
        polled.append(tick_s)
        go_on.acquire()

    with ThreadPoolExecutor(1) as pool:
        lane = Lane(pool, poll)
        assert lane.offer(60) is None
        assert [lane.offer(120), lane.offer(180)] == [60, 60]
        go_on.release(2)
    assert polled == [60, 180]


def test_a_poll_that_outlasts_its_interval_is_counted_and_named(
    tmp_path: Path, market: Running, caplog: pytest.LogCaptureFixture
) -> None:
    inside, go_on = threading.Event(), threading.Event()

    class Slow(KeptLines):
        def append(self, lines: bytes, bucket: str) -> None:
            inside.set()
            go_on.wait()

    running = InThread([Feed(Binance(), market.exchange_url("binance"), tmp_path, Slow())])
    running.poller.begin(1_795_521_840, 0)
    inside.wait()
    running.poller.begin(1_795_521_842, 0)
    go_on.set()
    running.stop.set()
    running.poller.run(running.stop)
    assert running.figure("coinwatch_poll_overruns_total", exchange="binance") >= 1
    assert "binance: the poll of 12:04:00 outlasts its interval; 12:04:02 comes next" in caplog.messages


def test_what_follows_the_quotes_is_over_before_the_next_tick(tmp_path: Path, sink: KeptLines) -> None:
    class Detailed(Kraken):
        details_per_minute = 6000

        def detail_urls(self, pairs: object) -> list[str]:
            return ["/0/public/Ticker"]

    with (
        canned_server(KRAKEN) as exchange,
        InThread([Feed(Detailed(), exchange.url, tmp_path, sink)]) as running,
    ):
        eventually(lambda: len(running.polls) >= 3, "three polls")
    assert running.figure("coinwatch_poll_overruns_total", exchange="kraken") == 0
    assert len(sink.of(QUOTES)) > 10


def test_ticks_that_nobody_was_awake_for_are_counted_and_named(caplog: pytest.LogCaptureFixture) -> None:
    running = InThread([])
    running.poller.begin(1_795_521_840, 3)
    assert running.figure("coinwatch_missed_ticks_total") == 3
    assert "nobody was awake for the 3 ticks before 12:04:00" in caplog.messages


def test_a_fault_of_ours_costs_one_poll(
    tmp_path: Path, market: Running, sink: KeptLines, caplog: pytest.LogCaptureFixture
) -> None:
    class Faulty(Binance):
        calls = 0

        def ticker_urls(self, pairs: object) -> list[str]:
            Faulty.calls += 1
            if Faulty.calls == 1:
                raise ZeroDivisionError
            return list(super().ticker_urls([]))

    with InThread([Feed(Faulty(), market.exchange_url("binance"), tmp_path, sink)]):
        eventually(lambda: ticks(sink, "binance"), "a tick after the fault")
    assert any("failed by a fault of ours" in message for message in caplog.messages)


def test_when_no_exchange_can_be_reached_it_says_what_runs_without_internet(
    tmp_path: Path, sink: KeptLines, market: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    feeds = [Feed(exchange, f"http://127.0.0.1:{free_port()}", tmp_path, sink) for exchange in (Kraken(), Binance())]
    with InThread(feeds):
        eventually(lambda: [line for line in caplog.messages if "make run SIMULATE=1" in line], "the hint")
        feeds[0].fetcher.base_url = market.exchange_url("kraken")
        eventually(
            lambda: [line for line in caplog.messages if line.startswith("collector: exchange reached again")],
            "its end",
        )
    (hint,) = [line for line in caplog.messages if "SIMULATE" in line]
    assert hint.startswith("collector: no exchange reached since ")


def test_stopping_writes_what_has_come_and_does_not_wait_for_the_rest(tmp_path: Path, sink: KeptLines) -> None:
    class TwoPages(Kraken):
        def ticker_urls(self, pairs: object) -> list[str]:
            return ["/0/public/Ticker", "/never"]

    with canned_server(KRAKEN, held="/never") as exchange:
        feed = Feed(TwoPages(), exchange.url, tmp_path, sink)
        with InThread([feed], 60):
            exchange.asked.wait()
            assert sink.of(QUOTES) == []
            began_s = time.monotonic()
        assert time.monotonic() - began_s < GRACE_S + 1
    assert len(sink.of(QUOTES)) == 1
    assert feed.standing.state.name == "ok"
