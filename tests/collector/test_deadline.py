"""A request ends at its deadline, whatever the server does."""

import threading
import time
from collections.abc import Iterator

import pytest

from collector.fetch import Fetcher
from collector.outcome import Down, Stopped
from tests.collector.raw_server import Talk, hang, raw_server, trickle

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n"
UNTIL_CLOSED = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
DEADLINE_S = 0.4
LEEWAY_S = 0.3


@pytest.fixture
def fetchers() -> Iterator[list[Fetcher]]:
    made: list[Fetcher] = []
    yield made
    for fetcher in made:
        fetcher.close()


@pytest.mark.parametrize(
    "talk",
    [
        hang,
        trickle(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        trickle(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        trickle(HEAD, b" "),
        trickle(CHUNKED, b" "),
        trickle(UNTIL_CLOSED, b" "),
    ],
    ids=["never answers", "trickles a header", "trickles headers", "trickles a body", "trickles a chunk", "never ends"],
)
def test_a_slow_server_costs_the_deadline_and_no_more(talk: Talk, fetchers: list[Fetcher]) -> None:
    with raw_server(talk) as url:
        fetcher = Fetcher(url)
        fetchers.append(fetcher)
        began_s = time.monotonic()
        with pytest.raises(Down, match="no whole answer in time"):
            fetcher.get("/", DEADLINE_S)
        assert DEADLINE_S <= time.monotonic() - began_s < DEADLINE_S + LEEWAY_S


def test_after_a_deadline_the_next_request_has_its_own(fetchers: list[Fetcher]) -> None:
    slow = threading.Event()

    def talk(connection: "object", over: threading.Event) -> None:
        if slow.is_set():
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")  # type: ignore[attr-defined] # a socket
        else:
            slow.set()
            over.wait()

    with raw_server(talk) as url:
        fetcher = Fetcher(url)
        fetchers.append(fetcher)
        with pytest.raises(Down):
            fetcher.get("/", 0.2)
        assert fetcher.get("/", 5) == b"[]"


def test_no_time_left_is_no_request(fetchers: list[Fetcher]) -> None:
    fetcher = Fetcher("http://127.0.0.1:9")
    fetchers.append(fetcher)
    with pytest.raises(Down, match="no time left"):
        fetcher.get("/", -1)


def test_stopping_ends_the_request_under_way_and_every_later_one(fetchers: list[Fetcher]) -> None:
    asked = threading.Event()

    def talk(connection: object, over: threading.Event) -> None:
        asked.set()
        over.wait()

    def stop_when_asked(fetcher: Fetcher) -> None:
        asked.wait()
        fetcher.stop()

    with raw_server(talk) as url:
        fetcher = Fetcher(url)
        fetchers.append(fetcher)
        stopper = threading.Thread(target=stop_when_asked, args=(fetcher,))
        stopper.start()
        with pytest.raises(Stopped):
            fetcher.get("/", 30)
        stopper.join()
        with pytest.raises(Stopped):
            fetcher.get("/", 30)
