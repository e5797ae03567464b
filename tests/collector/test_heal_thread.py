"""When a round of healing is due and over which span; the thread that makes it, on the real database."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.feed import Feed, Polled
from collector.heal_thread import DAY_S, MARGIN_S, HealThread, Holes, calls_each, span_to_heal
from collector.lines import NS, tags
from collector.minutes import Span, minute_of
from collector.state import OK
from influx import tokens
from influx.settings import Settings
from tests.collector.made_candles import URL, Exchange, Kept, adapter, answering, candle, series, source
from tests.eventually import eventually

ONE = frozenset({"btcusd"})
BOTH = frozenset({"btcusd", "ethusd"})


def polled(tick_s: int, quotes: int = 1) -> Polled:
    return Polled(
        exchange="kraken",
        tick_s=tick_s,
        state=OK,
        pairs=1,
        capped=0,
        quotes=quotes,
        lost=0,
        bad=(),
        unlisted=0,
        used=None,
        took_s=0.1,
    )


def test_the_first_quotes_are_a_reason_and_those_that_follow_are_none() -> None:
    holes = Holes()
    assert holes.after(polled(600), ONE)
    assert not holes.after(polled(660), ONE)
    assert not holes.after(polled(720), ONE)


def test_a_tick_without_quotes_is_a_reason_once_there_are_some_again() -> None:
    holes = Holes()
    holes.after(polled(600), ONE)
    assert not holes.after(polled(660, quotes=0), ONE)
    assert holes.after(polled(720), ONE)
    assert not holes.after(polled(780), ONE)


@pytest.mark.parametrize(("tick_s", "due"), [(650, False), (660, False), (720, False), (725, True)])
def test_at_a_shorter_interval_only_a_whole_minute_without_quotes_is_a_reason(tick_s: int, due: bool) -> None:
    holes = Holes()
    holes.after(polled(605), ONE)
    assert holes.after(polled(tick_s), ONE) is due


def test_a_new_pair_is_a_reason_and_one_that_went_is_none() -> None:
    holes = Holes()
    holes.after(polled(600), ONE)
    assert holes.after(polled(660), BOTH)
    assert not holes.after(polled(720), ONE)


def test_a_round_looks_at_a_day_before_the_ticks_own_minute() -> None:
    assert span_to_heal(1_000_020, 0, 7 * DAY_S) == Span(999_960 - DAY_S, 999_960)


def test_after_a_longer_stop_it_looks_back_to_the_last_complete_round() -> None:
    complete_s = 999_960 - 3 * DAY_S
    assert span_to_heal(1_000_020, complete_s, 7 * DAY_S).start_s == complete_s


def test_it_never_looks_behind_what_the_bucket_keeps() -> None:
    span = span_to_heal(1_000_020, 60, 7 * DAY_S)
    assert span.end_s - span.start_s == 7 * DAY_S - MARGIN_S - 60


@pytest.mark.parametrize(
    ("depth", "per_call", "calls"), [(None, 300, 5), (720, 720, 1), (720, 300, 3), (2000, 2000, 1)]
)
def test_a_pair_takes_as_many_calls_as_the_exchange_has_candles_to_give(
    depth: int | None, per_call: int, calls: int
) -> None:
    assert calls_each(adapter("any", depth, per_call), Span(0, DAY_S)) == calls


class Thread:
    """A running thread over a made exchange, the real database, and a spool whose state the test sets."""

    def __init__(self, settings: Settings, folder: Path, name: str) -> None:
        made = adapter(name)
        self.database = tokens.connect(settings, tokens.COLLECTOR)
        self.set_up = True
        self.waits_since_s: float | None = None
        self.sink = Kept()
        feed = Feed(made, URL, folder, self.sink)
        feed.directory.take([BTC.pair], time.time())
        self.exchange = Exchange({"BTCUSD": {minute: candle(minute, 10.0) for minute in range(NOW - DAY_S, NOW, 60)}})
        self.thread = HealThread(
            feed,
            source(made, folder, self.sink),
            self.sink,
            lambda: tokens.connect(settings, tokens.COLLECTOR) if self.set_up else None,
            lambda: self.waits_since_s,
            folder,
            interval_s=60,
            retention_s=7 * DAY_S,
            backfill=True,
        )
        self.thread.start()

    def stop(self) -> None:
        self.thread.stop()
        self.thread.join(timeout=10)
        assert not self.thread.is_alive()

    def healed(self) -> list[int]:
        """The ticks of the healed quotes so far."""
        return [
            int(line.rpartition(" ")[2]) // 10**9 for line in self.sink.lines if "healed" in line and "quote," in line
        ]


BTC = series("btc")
NOW = minute_of(time.time())


@pytest.fixture
def thread(influxd: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Thread]:
    made = Thread(influxd, tmp_path, request.node.name[:60])
    with answering(made.exchange):
        yield made
        made.stop()


def test_the_first_quotes_make_it_fill_the_day_up_to_their_own_minute(thread: Thread) -> None:
    thread.thread.hear(polled(NOW))
    eventually(lambda: len(thread.healed()) == 1439, "a day")
    assert max(thread.healed()) == NOW - 60


def test_it_waits_until_the_database_is_set_up_and_has_what_was_polled(thread: Thread) -> None:
    thread.set_up, thread.waits_since_s = False, 1.0
    thread.thread.hear(polled(NOW))
    thread.thread.join(timeout=0.3)
    assert thread.exchange.calls == []
    thread.set_up = True
    thread.thread.join(timeout=2.5)
    assert thread.exchange.calls == []
    thread.waits_since_s = None
    eventually(lambda: len(thread.healed()) == 1439, "a day")


def test_a_stop_of_the_exchange_is_healed_when_its_quotes_come_again(thread: Thread, influxd: Settings) -> None:
    assert thread.database is not None
    name = thread.thread._feed.name
    known = [tick for tick in range(NOW - DAY_S - 1200, NOW + 1, 60) if not NOW - 600 < tick < NOW - 300]
    lines = [f"quote,{tags(name, BTC.market)} price=10.0 {tick * NS}" for tick in known]
    thread.database.write("quotes", "\n".join(lines).encode())
    thread.thread.hear(polled(NOW - 600))
    eventually(lambda: any("total=0.0" in line for line in thread.sink.lines), "a round of nothing")
    thread.thread.hear(polled(NOW - 300))
    eventually(lambda: thread.healed() == [NOW - 540, NOW - 480, NOW - 420, NOW - 360], "the hole's four minutes")
    assert len(thread.exchange.calls) == 1


def test_pairs_that_failed_are_tried_again_later_and_the_round_is_not_complete(thread: Thread) -> None:
    thread.thread._source.pause = lambda seconds: None  # type: ignore[method-assign] # the waits between tries
    thread.exchange.refusals += [(404, {}, "")] * 3
    thread.thread.hear(polled(NOW))
    eventually(lambda: any("failed=1.0" in line for line in thread.sink.lines), "a report")
    eventually(lambda: thread.thread._again_s < float("inf"), "another round planned")
    assert thread.thread._answered.complete_s == 0
