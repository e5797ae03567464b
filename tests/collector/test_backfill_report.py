"""How a round goes on, in the log and as points."""

import logging

import pytest

from collector.backfill_report import LOG_S, POINT_S, Report, backfill_line
from collector.heal_round import Progress
from tests.collector.made_candles import Kept


class Bench:
    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("INFO", "coinwatch.history")
        self.log, self.now_s, self.sink = caplog, 1000.0, Kept()
        self.report = Report("kraken", 15, 1, self.sink, lambda: self.now_s)

    def said(self) -> list[str]:
        return [record.message for record in self.log.records]


@pytest.fixture
def bench(caplog: pytest.LogCaptureFixture) -> Bench:
    return Bench(caplog)


def test_the_beginning_says_how_long_it_will_take(bench: Bench) -> None:
    bench.report.hear(Progress(0, 300))
    assert bench.said() == [
        "kraken: 300 pairs lack minutes; fetching candles, the most traded pairs first, at 15 calls/min: about 20 min"
    ]


def test_it_speaks_every_few_minutes_and_writes_points_more_often(bench: Bench) -> None:
    for done in range(1, 400):
        bench.now_s += 1
        bench.report.hear(Progress(done, 400))
    assert len(bench.said()) == 399 // LOG_S
    assert len(bench.sink.lines) == pytest.approx(399 / POINT_S, abs=1)


def test_the_end_says_what_was_filled_and_what_was_not(bench: Bench) -> None:
    bench.now_s += 90
    bench.report.end(Progress(3, 3, healed=100, lost=7, failed=1, reason="btcusd: HTTP 404"))
    (said,) = bench.log.records
    assert said.levelno == logging.WARNING
    assert said.message == (
        "kraken: 100 missing minutes of 3 pairs filled from candles in 1 min;"
        " 7 minutes are not to be had from it and stay holes;"
        " 1 pairs failed and are tried again in an hour, the last btcusd: HTTP 404"
    )
    assert len(bench.sink.lines) == 1


def test_a_round_of_nothing_is_silent_but_shows_that_nothing_is_left_to_do(bench: Bench) -> None:
    bench.report.end(Progress(0, 0))
    assert bench.said() == []
    assert bench.sink.lines[0].startswith("backfill,exchange=kraken done=0.0,total=0.0,")


def test_a_point_has_floats_and_the_reason_as_text() -> None:
    assert backfill_line("kraken", Progress(3, 4, 100, 7, 1, 'no "x"'), 5) == (
        'backfill,exchange=kraken done=3.0,total=4.0,healed=100.0,lost=7.0,failed=1.0,reason="no \\"x\\"" 5'
    )
