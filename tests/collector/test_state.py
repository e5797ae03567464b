"""What a failure says about an exchange, and when it may be asked again."""

import pytest

from collector import state
from collector.decode import Changed
from collector.outcome import Banned, Blocked, Down, Failed, Limited
from collector.state import BLOCKED_S, State

NOW_S = 1_795_521_840.0


@pytest.mark.parametrize(
    ("error", "name", "until_s"),
    [
        (Limited("HTTP 429", NOW_S + 17), "limited", NOW_S + 17),
        (Banned("HTTP 418", NOW_S + 7200), "banned", NOW_S + 7200),
        (Blocked("HTTP 451"), "blocked", NOW_S + BLOCKED_S),
        (Changed("no JSON"), "changed", 0.0),
        (Down("HTTP 500"), "down", 0.0),
    ],
)
def test_each_kind_of_failure_is_a_state_with_its_end(error: Failed | Changed, name: str, until_s: float) -> None:
    found = state.after(error, NOW_S)
    assert (found.name, found.until_s) == (name, until_s)
    assert str(error) in found.why


def test_an_exchange_is_asked_again_when_its_pause_is_over_and_not_before() -> None:
    banned = State("banned", "HTTP 418", NOW_S)
    assert [banned.may_ask(NOW_S - 0.1), banned.may_ask(NOW_S)] == [False, True]


def test_the_end_of_a_pause_is_shown_as_a_time() -> None:
    assert (State("banned", "", NOW_S).until, state.OK.until) == ("2026-11-24T12:04:00Z", "")


def test_another_text_of_the_same_fault_is_nothing_new() -> None:
    first, second = (state.after(Changed(f"no JSON: <html>{number}"), NOW_S) for number in (1, 2))
    assert first.same(second)
    assert not first.same(state.after(Down("HTTP 500"), NOW_S))
