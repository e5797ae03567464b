"""One exchange's candles: in turn, behind the polls, silent while the exchange is paused."""

import threading
import time
from pathlib import Path

import pytest

from collector.decode import Changed
from collector.minutes import MINUTE_S, Span, minute_of
from collector.outcome import Banned, Down, Limited, Stopped
from collector.polls_first import PollsFirst
from tests.collector.made_candles import FAST, Exchange, Kept, adapter, answering, candle, series, source

BTC = series("btc")
NOW = minute_of(time.time())
SPAN = Span(NOW - 5 * MINUTE_S, NOW)


def exchange() -> Exchange:
    return Exchange({"BTCUSD": {minute: candle(minute, 100.0) for minute in range(NOW - 600, NOW + 60, 60)}})


def test_it_gives_the_closed_candles_of_the_span(tmp_path: Path) -> None:
    with answering(exchange()):
        candles = source(adapter("one"), tmp_path, Kept()).ask(BTC.pair, SPAN)
    assert [found.time_s for found in candles] == list(SPAN)


def test_calls_are_a_gap_apart(tmp_path: Path) -> None:
    asking = source(adapter("one"), tmp_path, Kept(), per_minute=600)
    with answering(exchange()):
        begun = time.monotonic()
        for _ in range(4):
            asking.ask(BTC.pair, SPAN)
    assert time.monotonic() - begun >= 0.3


def test_a_call_waits_for_the_poll_under_way(tmp_path: Path) -> None:
    polls = PollsFirst(60, 60)
    asking = source(adapter("one"), tmp_path, Kept(), polls=polls)
    known = exchange()
    with answering(known):
        thread = threading.Thread(target=asking.ask, args=(BTC.pair, SPAN))
        thread.start()
        thread.join(timeout=0.2)
        assert known.calls == []
        polls.heard(int(time.time()))
        thread.join(timeout=10)
        assert len(known.calls) == 1


def test_a_limit_pauses_candles_and_not_polls(tmp_path: Path) -> None:
    known = exchange()
    known.refusals.append((429, {"Retry-After": "1"}, ""))
    asking = source(adapter("one"), tmp_path, Kept())
    with answering(known):
        with pytest.raises(Limited):
            asking.ask(BTC.pair, SPAN)
        begun = time.monotonic()
        asking.ask(BTC.pair, SPAN)
    assert time.monotonic() - begun >= 0.8
    assert asking._standing.may_ask()


def test_a_ban_holds_for_polls_too(tmp_path: Path) -> None:
    known = exchange()
    known.refusals.append((418, {"Retry-After": "600"}, ""))
    asking = source(adapter("one"), tmp_path, Kept())
    with answering(known), pytest.raises(Banned):
        asking.ask(BTC.pair, SPAN)
    assert not asking._standing.may_ask()


def test_the_exchange_is_not_asked_while_its_state_forbids_it(tmp_path: Path) -> None:
    known = exchange()
    asking = source(adapter("one"), tmp_path, Kept())
    asking._standing.failed(Banned("HTTP 418", time.time() + 600))

    def ask() -> None:
        with pytest.raises(Stopped):
            asking.ask(BTC.pair, SPAN)

    with answering(known):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join(timeout=0.2)
        assert thread.is_alive()
        asking.stop()
        thread.join(timeout=10)
    assert not thread.is_alive()
    assert known.calls == []


def test_an_answer_of_another_shape_is_named(tmp_path: Path) -> None:
    known = exchange()
    known.refusals += [(200, {}, "<html>"), (200, {}, '[[1, "x"]]')]
    asking = source(adapter("one"), tmp_path, Kept())
    with answering(known):
        with pytest.raises(Changed, match="<html>"):
            asking.ask(BTC.pair, SPAN)
        with pytest.raises(Changed, match="no candle can be read"):
            asking.ask(BTC.pair, SPAN)


def test_a_failure_is_told_once_and_so_is_its_end(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "coinwatch.history")
    known = exchange()
    known.refusals += [(408, {}, "")] * 2
    asking = source(adapter("one"), tmp_path, Kept())
    with answering(known):
        for _ in range(2):
            with pytest.raises(Down):
                asking.ask(BTC.pair, SPAN)
        asking.ask(BTC.pair, SPAN)
    begins, ends = (record.message for record in caplog.records)
    assert begins.startswith("one: no candles since ")
    assert begins.endswith("(HTTP 408 Request Timeout); polls go on")
    assert ends.startswith("one: candles again after ")


def test_a_nearly_used_limit_makes_a_pause_before_the_exchange_has_to(tmp_path: Path) -> None:
    known = exchange()
    known.refusals.append((200, {"x-mbx-used-weight-1m": "5999"}, "[]"))
    asking = source(adapter("one"), tmp_path, Kept())
    with answering(known):
        asking.ask(BTC.pair, SPAN)
    assert asking._paused_until_s > time.time()


@pytest.mark.parametrize(("depth", "minutes"), [(720, 719), (10, 9)])
def test_the_oldest_minute_is_within_the_depth_which_counts_the_running_one(
    tmp_path: Path, depth: int, minutes: int
) -> None:
    asking = source(adapter("one", depth=depth), tmp_path, Kept(), FAST)
    assert minute_of(time.time()) - asking.oldest_s == minutes * MINUTE_S
