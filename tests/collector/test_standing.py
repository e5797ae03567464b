"""How an exchange stands: told once in log and events, and the same for everybody who asks it."""

import logging
from pathlib import Path

import pytest

from collector.outcome import Blocked, Down, Limited
from collector.standing import AGAIN_S, Standing
from influx import schema
from tests.collector.kept_lines import KeptLines, NoRoom

NOW_S = 1_795_521_840.0


class Clock:
    now_s = NOW_S

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sink() -> KeptLines:
    return KeptLines()


@pytest.fixture
def standing(tmp_path: Path, sink: KeptLines, clock: Clock) -> Standing:
    return Standing("kraken", tmp_path / "kraken.state.json", sink, clock)


def written(sink: KeptLines) -> list[str]:
    return [line.split('state="')[1].split('"')[0] for line in sink.of(schema.EVENTS.name)]


def test_the_first_answer_writes_the_state_and_the_next_ones_do_not(standing: Standing, sink: KeptLines) -> None:
    for _ in range(3):
        standing.answered()
    assert written(sink) == ["ok"]


def test_a_change_is_written_at_once_and_a_lasting_state_now_and_then(
    standing: Standing, sink: KeptLines, clock: Clock
) -> None:
    standing.answered()
    standing.failed(Down("HTTP 500"))
    clock.now_s += AGAIN_S - 1
    standing.failed(Down("HTTP 500"))
    assert written(sink) == ["ok", "down"]
    clock.now_s += 1
    standing.failed(Down("HTTP 500"))
    assert written(sink) == ["ok", "down", "down"]


def test_ticks_that_pass_by_during_a_pause_are_missed_ticks(
    standing: Standing, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    standing.failed(Limited("HTTP 429 Too Many Requests", NOW_S + 120))
    standing.passed_by()
    clock.now_s += 120
    standing.answered()
    began, ended = caplog.messages
    assert "(HTTP 429 Too Many Requests, limited until 2026-11-24T12:06:00Z)" in began
    assert ended == "kraken: quotes again after 2 min; 2 ticks missed"


def test_an_exchange_that_is_blocked_here_is_told_of_once_though_it_is_tried_hourly(
    standing: Standing, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        assert standing.may_ask()
        standing.failed(Blocked("HTTP 451 Unavailable For Legal Reasons"))
        assert not standing.may_ask()
        clock.now_s += 3600
    assert len(caplog.messages) == 1


def test_without_room_for_events_it_goes_on(tmp_path: Path) -> None:
    standing = Standing("kraken", tmp_path / "kraken.state.json", NoRoom())
    standing.failed(Down("HTTP 500"))
    assert standing.state.name == "down"
