"""An outage is told twice, with how long it lasted and what was missed."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from influx.outage import Outage, duration

NOON_S = 1_795_521_840.0  # 2026-11-24 12:04:00 UTC


class Clock:
    def __init__(self) -> None:
        self.now_s = NOON_S

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outage(clock: Clock) -> Outage:
    return Outage(logging.getLogger("coinwatch.test"), "kraken", "quotes", "ticks", "polling goes on", clock)


@pytest.fixture(autouse=True)
def _info(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.INFO):
        yield


def test_an_outage_is_two_lines_with_its_length_and_what_was_missed(
    outage: Outage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        outage.failed("HTTP 503")
        clock.now_s += 60
    missed = outage.over("healing them from candles")
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "kraken: no quotes since 12:04:00 (HTTP 503); polling goes on"),
        ("INFO", "kraken: quotes again after 3 min; 3 ticks missed, healing them from candles"),
    ]
    assert missed == 3


def test_another_reason_is_told_once_more_and_keeps_the_beginning(
    outage: Outage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    outage.failed("HTTP 503")
    clock.now_s += 60
    outage.failed("no answer: Connection refused")
    outage.failed("no answer: Connection refused")
    assert caplog.messages[1:] == ["kraken: no quotes since 12:04:00 (no answer: Connection refused); polling goes on"]


def test_a_detail_that_differs_each_time_is_told_only_with_its_reason(
    outage: Outage, caplog: pytest.LogCaptureFixture
) -> None:
    outage.failed("another shape", detail=": <html>1")
    outage.failed("another shape", detail=": <html>2")
    assert caplog.messages == ["kraken: no quotes since 12:04:00 (another shape: <html>1); polling goes on"]


def test_nothing_is_said_while_all_is_well(outage: Outage, caplog: pytest.LogCaptureFixture) -> None:
    assert outage.over() == 0
    assert caplog.messages == []


def test_the_next_outage_counts_anew(outage: Outage, caplog: pytest.LogCaptureFixture) -> None:
    outage.failed("HTTP 503", missed=5)
    outage.over()
    outage.failed("HTTP 503")
    assert outage.missed == 1


def test_it_knows_since_when(outage: Outage, clock: Clock) -> None:
    outage.failed("HTTP 503")
    clock.now_s += 60
    outage.failed("HTTP 503")
    assert outage.since_s == NOON_S


def test_what_many_threads_miss_is_counted_and_told_once(outage: Outage, caplog: pytest.LogCaptureFixture) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: outage.failed("HTTP 503"), range(1000)))
    assert outage.missed == 1000
    assert len(caplog.messages) == 1


@pytest.mark.parametrize(
    ("length_s", "said"),
    [
        (8.4, "8 s"),
        (59.6, "1 min"),
        (180, "3 min"),
        (7200, "2 h"),
        (7500, "2 h 5 min"),
        (86_400, "1 d"),
        (273_600, "3 d 4 h"),
    ],
)
def test_a_length_of_time_is_said_as_one_reads_it(length_s: float, said: str) -> None:
    assert duration(length_s) == said
