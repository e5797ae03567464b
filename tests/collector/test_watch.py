"""The watch list: closed candles of the most traded pairs, every minute."""

from pathlib import Path

import pytest

from collector.minutes import MINUTE_S, Span
from collector.watch import CLOSED_AFTER_S, MOST, Watch, chosen
from tests.collector.made_candles import Exchange, Kept, adapter, answering, candle, series, source

BTC, ETH, LTC = series("btc"), series("eth"), series("ltc")
MANY = [series(f"c{number:02}") for number in range(80)]
NOW = 1_790_000_040  # a minute's start


def test_as_many_as_the_calls_allow_are_watched_and_at_most_fifty() -> None:
    assert len(chosen(MANY, [], [], calls_per_minute=30)) == 30
    assert len(chosen(MANY, [], [], calls_per_minute=600)) == MOST
    assert chosen([BTC, ETH, LTC], [], ["ltcusd", "btcusd", "ethusd"], 2) == [LTC, BTC]


def test_a_number_says_how_many() -> None:
    assert chosen([BTC, ETH, LTC], ["2"], ["ethusd", "btcusd", "ltcusd"], 30) == [ETH, BTC]
    assert len(chosen(MANY, ["70"], [], 60)) == 60


def test_names_are_watched_whatever_their_turnover_and_unknown_ones_are_not() -> None:
    assert chosen([BTC, ETH, LTC], ["ltcusd", "nosuch"], ["btcusd", "ethusd"], 30) == [LTC]


class Bench:
    """One watch list over a made exchange, at a clock that the test sets."""

    def __init__(self, folder: Path) -> None:
        self.now_s = NOW + CLOSED_AFTER_S
        self.exchange = Exchange({"BTCUSD": {}, "ETHUSD": {}})
        self.sink = Kept()
        self.watch = Watch(source(adapter("watched"), folder, self.sink), self.sink, lambda: self.now_s)

    def trade(self, *minutes: int, code: str = "BTCUSD", close: float = 10.0) -> None:
        self.exchange.candles[code].update((minute, candle(minute, close)) for minute in minutes)

    def turn(self, *pairs: str) -> dict[int, float]:
        """A turn over the pairs, btcusd by default; volume by minute of what it wrote."""
        before = len(self.sink.lines)
        with answering(self.exchange):
            self.watch.turn([series(pair.removesuffix("usd")) for pair in pairs or ("btcusd",)])
        return dict(_time_and_volume(line) for line in self.sink.lines[before:])


def _time_and_volume(line: str) -> tuple[int, float]:
    head, _, time_ns = line.rpartition(" ")
    return int(time_ns) // 10**9, float(head.rpartition("volume=")[2])


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_the_running_candle_is_never_taken(bench: Bench) -> None:
    bench.trade(NOW - 120, NOW - 60, NOW)
    assert bench.turn() == {NOW - 120: 1.0, NOW - 60: 1.0}


def test_each_turn_asks_again_for_the_last_minutes_since_trades_come_late(bench: Bench) -> None:
    bench.trade(NOW - 120, NOW - 60)
    bench.turn()
    bench.now_s += 60
    bench.trade(NOW)
    assert bench.turn() == {NOW - 120: 1.0, NOW - 60: 1.0, NOW: 1.0}
    assert bench.exchange.calls[-1] == ("BTCUSD", Span(NOW - 120, NOW + 60))


def test_turns_that_failed_are_made_up_for_by_the_next(bench: Bench) -> None:
    bench.trade(NOW - 120, NOW - 60)
    bench.turn()
    bench.trade(NOW, NOW + 60, NOW + 120)
    bench.exchange.refusals += [(404, {}, "")] * 2
    for _ in range(2):
        bench.now_s += 60
        assert bench.turn() == {}
    bench.now_s += 60
    assert bench.turn() == {NOW + MINUTE_S * minute: 1.0 for minute in range(-2, 3)}


def test_a_minute_without_a_trade_is_volume_0_once_a_later_candle_proves_it(bench: Bench) -> None:
    bench.trade(NOW - 120, NOW - 60)
    bench.turn()
    bench.now_s += 180
    bench.trade(NOW + 120)
    assert bench.turn() == {NOW - 120: 1.0, NOW - 60: 1.0, NOW: 0.0, NOW + 60: 0.0, NOW + 120: 1.0}


def test_the_newest_minute_is_not_taken_for_quiet_when_its_candle_is_only_late(bench: Bench) -> None:
    bench.trade(NOW - 120, NOW - 60)
    bench.turn()
    bench.now_s += 120
    bench.trade(NOW)
    assert bench.turn() == {NOW - 120: 1.0, NOW - 60: 1.0, NOW: 1.0}
    bench.trade(NOW + 60)
    bench.now_s += 60
    assert bench.turn()[NOW + 60] == 1.0


def test_an_empty_answer_proves_nothing_and_the_next_call_reaches_back(bench: Bench) -> None:
    bench.trade(NOW - 120, NOW - 60)
    bench.turn()
    quiet = bench.exchange.candles["BTCUSD"]
    bench.exchange.candles["BTCUSD"] = {}
    bench.now_s += 300
    assert bench.turn() == {}
    bench.exchange.candles["BTCUSD"] = quiet
    bench.trade(NOW + 300)
    bench.now_s += 60
    assert bench.turn() == {NOW - 120: 1.0, NOW - 60: 1.0} | {NOW + 60 * minute: 0.0 for minute in range(5)} | {
        NOW + 300: 1.0
    }


def test_a_limit_ends_the_turn_and_another_failure_only_its_pair(bench: Bench) -> None:
    bench.trade(NOW - 60)
    bench.trade(NOW - 60, code="ETHUSD")
    bench.exchange.refusals.append((404, {}, ""))
    assert bench.turn("btcusd", "ethusd") == {NOW - 60: 1.0}
    bench.exchange.refusals.append((429, {"Retry-After": "0"}, ""))
    calls = len(bench.exchange.calls)
    bench.turn("btcusd", "ethusd")
    assert len(bench.exchange.calls) == calls + 1


def test_a_turn_begins_when_the_exchange_has_closed_the_minute(bench: Bench) -> None:
    bench.now_s = NOW + 30.0
    assert bench.watch.next_s() == 30.0 + CLOSED_AFTER_S
