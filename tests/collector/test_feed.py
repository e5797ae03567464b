"""One exchange, polled on a real socket: every fault of the simulator is a state, and costs no more than it must."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from collector.exchange import Exchange
from collector.exchanges.binance import Binance
from collector.exchanges.kraken import Kraken
from collector.feed import Feed
from collector.fetch import PAUSE_S
from collector.sink import Sink
from influx import schema
from tests.collector.canned_server import canned_server
from tests.collector.kept_lines import KeptLines, NoRoom
from tests.collector.raw_server import raw_server, trickle
from tests.exchange_simulator.faults import Kind
from tests.exchange_simulator.running import Running, simulator

TICK_S = 1_795_521_840
PAIRS = 20
SECONDS = 10.0
QUOTES, EVENTS = schema.QUOTES.name, schema.EVENTS.name

MakeFeed = Callable[..., Feed]


class Clock:
    """The true time, moved by hand."""

    def __init__(self) -> None:
        self.ahead_s = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead_s


@pytest.fixture(scope="module")
def market() -> Iterator[Running]:
    with simulator(pairs=PAIRS) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_fault(market: Running) -> Iterator[None]:
    yield
    for name in ("kraken", "binance"):
        market.fault(name, "none")


@pytest.fixture
def sink() -> KeptLines:
    return KeptLines()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_feed(market: Running, tmp_path: Path, sink: KeptLines, clock: Clock) -> Iterator[MakeFeed]:
    made: list[Feed] = []

    def make(exchange: Exchange | None = None, url: str = "", to: Sink | None = None) -> Feed:
        exchange = exchange or Kraken()
        feed = Feed(exchange, url or market.exchange_url(exchange.name), tmp_path, to or sink, clock=clock)
        made.append(feed)
        return feed

    yield make
    for feed in made:
        feed.close()


def states(sink: KeptLines) -> list[str]:
    """The states that were written as events."""
    lines = [line for line in sink.of(EVENTS) if line.startswith(f"{schema.EXCHANGE_STATE},")]
    return [line.split('state="')[1].split('"')[0] for line in lines]


def test_a_poll_gives_a_quote_of_every_pair_at_the_tick(make_feed: MakeFeed, sink: KeptLines) -> None:
    polled = make_feed().poll(TICK_S, SECONDS)
    assert (polled.state.name, polled.pairs, polled.quotes, polled.bad) == ("ok", PAIRS, PAIRS, ())
    assert {line.rsplit(" ", 1)[1] for line in sink.of(QUOTES)} == {f"{TICK_S}000000000"}
    assert any("base=btc,exchange=kraken,pair=btcusd,quote=usd " in line for line in sink.of(QUOTES))


def test_what_is_stored_is_what_was_served(make_feed: MakeFeed, sink: KeptLines, market: Running) -> None:
    began_s = time.time()
    make_feed(Binance()).poll(TICK_S, SECONDS)
    served = {quote.pair: quote.price for quote in market.journal(began_s) if quote.exchange == "binance"}
    stored = {
        line.split("pair=")[1].split(",")[0]: float(line.split(" price=")[1].split(",")[0]) for line in sink.of(QUOTES)
    }
    assert stored == served


FAULTS: list[tuple[Kind, str]] = [
    ("429", "limited"),
    ("418", "banned"),
    ("451", "blocked"),
    ("500", "down"),
    ("declined", "limited"),
    ("hang", "down"),
    ("truncate", "changed"),
    ("html", "changed"),
    ("empty", "changed"),
]


@pytest.mark.parametrize(("kind", "state"), FAULTS)
def test_each_fault_is_its_state_in_the_poll_the_home_and_the_events(
    kind: Kind, state: str, make_feed: MakeFeed, market: Running, sink: KeptLines
) -> None:
    feed = make_feed()
    feed.poll(TICK_S, SECONDS)
    market.fault("kraken", kind, 60)
    polled = feed.poll(TICK_S + 60, 0.5)
    assert (polled.state.name, polled.quotes) == (state, 0)
    assert states(sink) == ["ok", state]
    assert make_feed().standing.state.name == state


@pytest.mark.parametrize("kind", ["500", "hang", "truncate", "html", "empty"])
def test_a_fault_that_passes_is_over_with_the_next_poll(kind: Kind, make_feed: MakeFeed, market: Running) -> None:
    feed = make_feed()
    market.fault("kraken", kind, 60)
    feed.poll(TICK_S, 0.5)
    market.fault("kraken", "none")
    polled = feed.poll(TICK_S + 60, SECONDS)
    assert (polled.state.name, polled.quotes) == ("ok", PAIRS)


@pytest.mark.parametrize(("kind", "pause_s"), [("418", 60), ("429", 60), ("451", 3600), ("declined", PAUSE_S)])
def test_who_asked_for_a_pause_is_left_alone_until_it_is_over(
    kind: Kind, pause_s: float, make_feed: MakeFeed, market: Running, clock: Clock
) -> None:
    market.fault("kraken", kind, 60)
    feed = make_feed()
    feed.poll(TICK_S, SECONDS)
    market.fault("kraken", "none")
    began_s = time.time()
    for ahead_s in (0.0, pause_s / 2, pause_s - 5):
        clock.ahead_s = ahead_s
        assert feed.poll(TICK_S + 60, SECONDS).quotes == 0
    assert [request for request in market.requests(began_s) if request.exchange == "kraken"] == []
    clock.ahead_s = pause_s + 1
    assert feed.poll(TICK_S + 120, SECONDS).state.name == "ok"


def test_a_ban_holds_after_a_restart(make_feed: MakeFeed, market: Running) -> None:
    market.fault("kraken", "418", 60)
    make_feed().poll(TICK_S, SECONDS)
    market.fault("kraken", "none")
    began_s = time.time()
    assert make_feed().poll(TICK_S + 60, SECONDS).state.name == "banned"
    assert [request for request in market.requests(began_s) if request.exchange == "kraken"] == []


def test_a_server_that_trickles_costs_the_deadline_and_no_more(make_feed: MakeFeed) -> None:
    with raw_server(trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", b" ")) as url:
        polled = make_feed(url=url).poll(TICK_S, 0.5)
    assert polled.state.name == "down"
    assert 0.5 <= polled.took_s < 1.0


def test_a_state_that_lasts_is_written_again_for_readers_of_the_last_half_hour(
    make_feed: MakeFeed, sink: KeptLines, clock: Clock
) -> None:
    feed = make_feed()
    for ahead_s in range(0, 1860, 60):
        clock.ahead_s = ahead_s
        feed.poll(TICK_S + ahead_s, SECONDS)
    assert states(sink) == ["ok"] * 4


def test_pairs_that_come_and_go_are_events(make_feed: MakeFeed, market: Running, sink: KeptLines, clock: Clock) -> None:
    feed = make_feed(Binance())
    feed.poll(TICK_S, SECONDS)
    market.pairs("binance", add=["newusd"], remove=["ltcusd"])
    clock.ahead_s = 3601
    feed.poll(TICK_S + 3600, SECONDS)
    market.pairs("binance", add=["ltcusd"], remove=["newusd"])
    assert [line.split(" ")[0] for line in sink.of(EVENTS) if line.startswith(f"{schema.PAIR_EVENT},")] == [
        "pair_event,base=new,exchange=binance,kind=listed,pair=newusd,quote=usd",
        "pair_event,base=ltc,exchange=binance,kind=delisted,pair=ltcusd,quote=usd",
    ]
    assert "pair=newusd" in "".join(make_feed(Binance(), to=KeptLines()).directory.joined.prefixes.values())


def test_a_restart_polls_without_asking_for_the_pairs_again(make_feed: MakeFeed, market: Running) -> None:
    make_feed().poll(TICK_S, SECONDS)
    began_s = time.time()
    assert make_feed().poll(TICK_S + 60, SECONDS).quotes == PAIRS
    assert [request.path for request in market.requests(began_s)] == ["/0/public/Ticker"]


def test_quotes_without_room_on_the_disk_count_as_lost(make_feed: MakeFeed) -> None:
    polled = make_feed(to=NoRoom()).poll(TICK_S, SECONDS)
    assert (polled.quotes, polled.lost) == (0, PAIRS)


def test_two_collectors_on_one_shard_write_the_same_points(make_feed: MakeFeed, sink: KeptLines) -> None:
    other = KeptLines()
    make_feed().poll(TICK_S, SECONDS)
    make_feed(to=other).poll(TICK_S, SECONDS)
    assert points(sink) == points(other)


def points(sink: KeptLines) -> set[tuple[str, str]]:
    """What makes a line a point of its own: its series and its time."""
    return {(line.split(" ")[0], line.rsplit(" ", 1)[1]) for line in sink.of(QUOTES)}


GOOD = b'{"symbol":"BTCUSDT","lastPrice":"97012.4","volume":"1","quoteVolume":"97012.4"}'


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b'{"symbol":"ETHUSDT","lastPrice":null,"volume":"1","quoteVolume":"1"}', "unreadable"),
        (b'{"symbol":"ETHUSDT","lastPrice":"1","quoteVolume":"1"}', "unreadable"),
        (b'{"symbol":"ETHUSDT","lastPrice":{},"volume":"1","quoteVolume":"1"}', "unreadable"),
        (b'{"symbol":"ETHUSDT","lastPrice":"1,5","volume":"1","quoteVolume":"1"}', "unreadable"),
        (b'{"symbol":"ETHUSDT","lastPrice":"nan","volume":"1","quoteVolume":"1"}', "price no number"),
        (b'{"symbol":"ETHUSDT","lastPrice":"0.00000000","volume":"0","quoteVolume":"0"}', "zero price"),
    ],
)
def test_a_bad_row_is_counted_by_its_reason_and_the_good_rows_of_its_answer_are_kept(
    row: bytes, reason: str, make_feed: MakeFeed, sink: KeptLines
) -> None:
    symbol = b'{"symbol":"%sUSDT","status":"TRADING","baseAsset":"%s","quoteAsset":"USDT"}'
    symbols = b",".join(symbol % (base, base) for base in (b"BTC", b"ETH"))
    answers = {
        "/api/v3/exchangeInfo": b'{"symbols":[' + symbols + b"]}",
        "/api/v3/ticker/24hr": b"[" + row + b"," + GOOD + b"]",
    }
    with canned_server(answers) as exchange:
        polled = make_feed(Binance(), exchange.url).poll(TICK_S, SECONDS)
    assert (polled.state.name, polled.quotes, [bad.reason for bad in polled.bad]) == ("ok", 1, [reason])
    assert "pair=btcusdt" in sink.of(QUOTES)[0]
