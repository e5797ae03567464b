"""How long a failure is waited for."""

import pytest

from collector.dead_letters import LettersFull
from collector.patience import Patience
from collector.spool_format import Record
from influx.client import Forbidden, Later

NOW_S = 1000.0


def record(number: int) -> Record:
    return Record(1, number, 10, "quotes", 1, 0, 0, 0)


def test_pauses_grow_to_ten_seconds_and_no_further() -> None:
    patience = Patience()
    pauses = []
    for _ in range(12):
        patience.failed([], Later("HTTP 503", after_s=0), NOW_S)
        pauses.append(patience.pause_s(NOW_S))
    assert 0.3 < pauses[0] < 0.7
    assert pauses[:4] == sorted(pauses[:4])
    assert pauses[-1] == 10


@pytest.mark.parametrize(("asked_s", "kept_s"), [(30, 30), (899, 899), (10**9, 900)])
def test_the_time_that_a_server_names_is_kept_within_reason(asked_s: float, kept_s: float) -> None:
    patience = Patience()
    patience.failed([], Later("HTTP 429", after_s=asked_s), NOW_S)
    assert patience.pause_s(NOW_S) == kept_s
    assert patience.pause_s(NOW_S + kept_s) == 0


def test_a_success_makes_the_next_pause_short_again() -> None:
    patience = Patience()
    for _ in range(8):
        patience.failed([], Later("HTTP 503", after_s=0), NOW_S)
    patience.succeeded([])
    patience.failed([], Later("HTTP 503", after_s=0), NOW_S)
    assert patience.pause_s(NOW_S) < 1


def test_a_batch_that_failed_is_held_longer_each_time_and_others_are_not() -> None:
    patience = Patience()
    patience.failed([record(1)], Forbidden("no"), NOW_S)
    assert not patience.allows(record(1), NOW_S)
    assert patience.allows(record(2), NOW_S)
    assert patience.next_s(NOW_S) == NOW_S + 2
    assert patience.allows(record(1), NOW_S + 2)
    for _ in range(9):
        patience.failed([record(1)], Forbidden("no"), NOW_S)
    assert patience.next_s(NOW_S) == NOW_S + 30


def test_a_batch_that_is_written_is_held_no_longer() -> None:
    patience = Patience()
    patience.failed([record(1)], Forbidden("no"), NOW_S)
    patience.succeeded([record(1)])
    assert patience.allows(record(1), NOW_S)
    assert patience.next_s(NOW_S) == float("inf")


@pytest.mark.parametrize("status", [0, 429, 502, 503, 504])
def test_a_server_that_is_away_is_no_batch_s_fault(status: int) -> None:
    patience = Patience()
    patience.failed([record(1)], Later("away", status=status), NOW_S)
    assert patience.pause_s(NOW_S) >= 1
    assert patience.allows(record(1), NOW_S)


@pytest.mark.parametrize("error", [Later("no such bucket", status=404), LettersFull("full"), OSError("disk")])
def test_what_is_one_batch_s_fault_is_no_pause_for_others(error: Exception) -> None:
    patience = Patience()
    patience.failed([record(1)], error, NOW_S)
    assert patience.pause_s(NOW_S) == 0
    assert not patience.allows(record(1), NOW_S)


@pytest.mark.parametrize("error", [Later("inner error", status=500), Forbidden("no")])
def test_what_may_be_either_s_fault_is_both(error: Exception) -> None:
    patience = Patience()
    patience.failed([record(1)], error, NOW_S)
    assert patience.pause_s(NOW_S) > 0
    assert not patience.allows(record(1), NOW_S)
