"""Polls go first."""

import threading

from collector.polls_first import PollsFirst


def test_a_call_waits_from_the_tick_until_its_poll_is_over() -> None:
    now = [120.0]
    polls = PollsFirst(60, 48, lambda: now[0])
    assert polls.left_s() == 48
    polls.heard(120)
    assert polls.left_s() == 0
    now[0] = 180.5
    assert polls.left_s() == 47.5


def test_a_poll_that_is_never_heard_of_holds_calls_up_for_its_own_deadline_only() -> None:
    assert PollsFirst(60, 48, lambda: 168.0).left_s() == 0


def test_the_wait_ends_when_the_poll_does() -> None:
    polls = PollsFirst(60, 48, lambda: 121.0)
    waiting = threading.Thread(target=polls.wait)
    waiting.start()
    polls.heard(120)
    waiting.join(timeout=10)
    assert not waiting.is_alive()
