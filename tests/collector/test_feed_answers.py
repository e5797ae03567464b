"""An exchange whose quotes come in several answers, some of them bad: what is kept, said, and asked next."""

import logging
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path

import pytest
import responses

from collector.decode import Body
from collector.exchange import Declined, Exchange, Pair, Quote
from collector.feed import DISCOVER_AGAIN_S, Feed
from collector.fetch import PAUSE_S
from influx import schema
from tests.collector.kept_lines import KeptLines

URL = "http://paged"
TICK_S = 1_795_521_840
QUOTES = schema.QUOTES.name


class Paged(Exchange):
    """A page names its quotes: A=1.5,B=2 are two; `no` declines."""

    name = "paged"
    base_url = URL
    docs = limit = ""
    weight_header, weight_limit = "x-used", 100
    details_per_minute = 1200
    pages: Sequence[str] = ("/1", "/2")
    details: Sequence[str] = ()

    def pair_urls(self) -> Sequence[str]:
        return ["/pairs"]

    def ticker_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        return self.pages

    def detail_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        return self.details

    def pairs(self, body: Body) -> Iterator[Pair]:
        for code in body.raw.decode().split(","):
            yield Pair(code, code, "usd")

    def quotes(self, body: Body) -> Iterator[Quote]:
        if body.raw in (b"no", b"too often"):
            raise Declined(body.raw.decode(), limited=body.raw == b"too often")
        for row in body.raw.decode().split(","):
            code, price = row.split("=")
            yield Quote(code, float(price), volume=float(price))


class Clock:
    def __init__(self) -> None:
        self.now_s = float(TICK_S)

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as web:
        web.get(f"{URL}/pairs", body="A,B,C")
        web.get(f"{URL}/1", body="A=1,B=2")
        web.get(f"{URL}/2", body="C=3")
        yield web


@pytest.fixture
def sink() -> KeptLines:
    return KeptLines()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def feed(web: responses.RequestsMock, tmp_path: Path, sink: KeptLines, clock: Clock) -> Iterator[Feed]:
    feed = Feed(Paged(), URL, tmp_path, sink, clock=clock)
    yield feed
    feed.close()


def bases(sink: KeptLines) -> list[str]:
    return [line.split("base=")[1].split(",")[0] for line in sink.of(QUOTES)]


def test_all_answers_together_are_the_poll(feed: Feed, sink: KeptLines) -> None:
    assert feed.poll(TICK_S, 5).quotes == 3
    assert bases(sink) == ["a", "b", "c"]


@pytest.mark.parametrize("broken", [{"status": 404}, {"body": "no"}, {"status": 500}])
def test_one_of_several_answers_that_fails_costs_only_itself(
    broken: dict[str, object], feed: Feed, web: responses.RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    web.replace("GET", f"{URL}/1", **broken)  # type: ignore[arg-type] # the stubs take each keyword on its own
    for tick in (TICK_S, TICK_S + 60):
        polled = feed.poll(tick, 5)
        assert (polled.state.name, polled.quotes) == ("ok", 1)
    assert len([line for line in caplog.messages if "paged: no full answer since" in line]) == 1


def test_an_exchange_that_declines_for_asking_too_often_is_left_alone(
    feed: Feed, web: responses.RequestsMock, sink: KeptLines
) -> None:
    web.replace("GET", f"{URL}/2", body="too often")
    polled = feed.poll(TICK_S, 5)
    assert (polled.state.name, polled.state.until_s) == ("limited", TICK_S + PAUSE_S)
    assert bases(sink) == ["a", "b"]


def test_bad_rows_are_named_once_an_outage_and_the_good_ones_kept(
    feed: Feed, web: responses.RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    web.replace("GET", f"{URL}/1", body="A=0,B=nan")
    for tick in (TICK_S, TICK_S + 60):
        assert feed.poll(tick, 5).quotes == 1
    web.replace("GET", f"{URL}/1", body="A=1,B=2")
    feed.poll(TICK_S + 120, 5)
    began, ended = caplog.messages[1:]
    assert began.startswith("paged: no clean answer since 12:04:00 (price no number, zero price: 'A', 'B');")
    assert ended == "paged: clean answer again after 0 s; 4 rows missed"


def test_tickers_of_no_listed_pair_are_another_shape(feed: Feed, web: responses.RequestsMock) -> None:
    web.replace("GET", f"{URL}/1", body="X=1,Y=2")
    web.replace("GET", f"{URL}/2", body="Z=1")
    polled = feed.poll(TICK_S, 5)
    assert polled.state.name == "changed"
    assert "none of the 3 tickers is of a listed pair" in polled.state.why


def test_what_an_adapter_can_not_make_sense_of_is_another_shape(feed: Feed, web: responses.RequestsMock) -> None:
    web.replace("GET", f"{URL}/1", body="A")
    web.replace("GET", f"{URL}/2", body="B=x")
    polled = feed.poll(TICK_S, 5)
    assert polled.state.name == "changed"
    assert "ValueError" in polled.state.why


def test_a_list_that_does_not_come_leaves_the_last_one_in_use(
    feed: Feed, web: responses.RequestsMock, clock: Clock
) -> None:
    feed.poll(TICK_S, 5)
    pairs = web.replace("GET", f"{URL}/pairs", status=404)
    clock.now_s += 3601
    for _ in range(3):
        assert feed.poll(TICK_S + 3600, 5).quotes == 3
    assert pairs.call_count == 1
    clock.now_s += DISCOVER_AGAIN_S
    feed.poll(TICK_S + 3900, 5)
    assert pairs.call_count == 2


def test_a_limit_met_while_discovering_holds_for_polls(feed: Feed, web: responses.RequestsMock, clock: Clock) -> None:
    feed.poll(TICK_S, 5)
    web.replace("GET", f"{URL}/pairs", status=429, headers={"Retry-After": "30"})
    clock.now_s += 3601
    feed.poll(TICK_S + 3600, 5)
    assert feed.poll(TICK_S + 3605, 5).quotes == 0


def test_a_limit_that_is_nearly_used_is_a_pause_of_our_own(
    feed: Feed, web: responses.RequestsMock, clock: Clock
) -> None:
    web.replace("GET", f"{URL}/2", body="C=3", headers={"X-Used": "95"})
    polled = feed.poll(TICK_S, 5)
    assert (polled.quotes, polled.used, polled.state.name) == (3, 0.95, "limited")
    clock.now_s += 60
    assert feed.poll(TICK_S + 60, 5).quotes == 3


def test_details_are_asked_in_turn_over_the_polls_and_stand_at_their_tick(
    feed: Feed, web: responses.RequestsMock, sink: KeptLines
) -> None:
    Paged.details = [f"/detail/{code}" for code in "ABC"]
    for code in "ABC":
        web.get(f"{URL}/detail/{code}", body=f"{code}=9")
    try:
        for tick in (TICK_S, TICK_S + 60):
            feed.poll(tick, 0.3)
    finally:
        Paged.details = ()
    details = [line for line in sink.of(QUOTES) if "price=9.0" in line]
    asked = [line.split("base=")[1][0] for line in details]
    assert asked == list(islice(cycle("abc"), len(asked)))
    assert list(dict.fromkeys(line.split(" ")[-1] for line in details)) == [
        f"{TICK_S}000000000",
        f"{TICK_S + 60}000000000",
    ]


def test_details_that_fail_cost_no_quote(feed: Feed, web: responses.RequestsMock) -> None:
    Paged.details = ["/detail/A"]
    web.get(f"{URL}/detail/A", status=404)
    try:
        polled = feed.poll(TICK_S, 0.2)
    finally:
        Paged.details = ()
    assert (polled.state.name, polled.quotes) == ("ok", 3)
