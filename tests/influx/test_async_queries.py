"""Queries from an event loop, on the real database and on servers that misbehave."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from influx import tokens
from influx.async_queries import AT_ONCE, AsyncQueries
from influx.client import Database, Forbidden, Later, Refused
from influx.settings import Settings
from tests.ports import free_port
from tests.restartable import Influxd

TEXT = 'import "array"\n\narray.from(rows: [{text: params.text}])\n'


def queries_of(settings: Settings, token: str = "", timeout_s: float = 30) -> AsyncQueries:
    """The queries with the operator's token, or another."""
    token = token or tokens.read(settings, tokens.OPERATOR) or ""
    return AsyncQueries(settings.url, settings.influx_org, token, "api", timeout_s)


async def csv_of(queries: AsyncQueries, text: str = TEXT, given: str = "x") -> bytes:
    """The whole of an answer."""
    pieces: list[bytes] = []
    await queries.ask(text, {"params": {"text": given}}, pieces.append)
    return b"".join(pieces)


def test_the_answer_is_that_of_the_other_client(influxd: Settings, operator: Database) -> None:
    async def ask() -> bytes:
        queries = queries_of(influxd)
        answer = await csv_of(queries, given='a "b" ${c}')
        queries.close()
        return answer

    assert asyncio.run(ask()) == operator.query_csv(TEXT, {"params": {"text": 'a "b" ${c}'}})


def test_many_at_once_are_answered_each_with_its_own(influxd: Settings) -> None:
    async def ask() -> list[bytes]:
        queries = queries_of(influxd)
        asked = (csv_of(queries, given=f"<{number}>") for number in range(3 * AT_ONCE))
        answers = list(await asyncio.gather(*asked))
        queries.close()
        return answers

    answers = asyncio.run(ask())
    assert all(f"<{number}>".encode() in answer for number, answer in enumerate(answers))


def test_connections_stay_open(influxd: Settings) -> None:
    async def ask() -> int:
        queries = queries_of(influxd)
        for _ in range(5):
            await csv_of(queries)
        idle = len(queries._idle)
        queries.close()
        return idle

    assert asyncio.run(ask()) == 1


@pytest.mark.parametrize(
    ("text", "token", "kind", "said"),
    [
        ("this is not Flux", "", Refused, "HTTP 400 .*undefined identifier"),
        (TEXT, "wrong", Forbidden, "does not accept the token api: unauthorized access"),
    ],
)
def test_errors_are_those_of_the_other_client(
    influxd: Settings, text: str, token: str, kind: type[Exception], said: str
) -> None:
    async def ask() -> None:
        queries = queries_of(influxd, token)
        try:
            await csv_of(queries, text)
        finally:
            queries.close()

    with pytest.raises(kind, match=said):
        asyncio.run(ask())


def test_a_database_that_was_started_again_is_asked_on_a_new_connection(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, influx_port=free_port())
    refused = (Forbidden, Later)

    async def ask(influxd: Influxd) -> list[type[BaseException]]:
        queries = queries_of(settings, "any")
        met: list[type[BaseException]] = []
        for act in (lambda: None, influxd.kill, influxd.start):
            await asyncio.to_thread(act)
            with pytest.raises(refused) as raised:
                await csv_of(queries)
            met.append(raised.type)
        queries.close()
        return met

    with Influxd(settings) as influxd:
        assert asyncio.run(ask(influxd)) == [Forbidden, Later, Forbidden]


@contextmanager
def answering(answer: bytes) -> Iterator[Settings]:
    """A server that gives each connection this answer and closes it; nothing for an empty one, and keeps it open."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        kept: list[socket.socket] = []

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                connection.recv(65_536)
                if answer:
                    connection.sendall(answer)
                    connection.close()
                else:
                    kept.append(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield Settings(influx_url=f"http://127.0.0.1:{listening.getsockname()[1]}")
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in kept:
            connection.close()


@pytest.mark.parametrize(
    ("answer", "said", "after_s"),
    [
        (b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", "HTTP 503", 7),
        (b'HTTP/1.1 429 Too Many\r\nContent-Length: 22\r\n\r\n{"message":"too many"}', "HTTP 429 too many", 1),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "the connection was closed", 1),
        (b"this is not HTTP\r\n\r\n", "no answer from", 1),
        (b"", "none within 0.2 s", 1),
    ],
    ids=["unavailable", "too many", "half an answer", "no HTTP", "nothing"],
)
def test_what_is_no_answer_is_to_be_asked_later(answer: bytes, said: str, after_s: float) -> None:
    async def ask(settings: Settings) -> None:
        queries = queries_of(settings, "any", timeout_s=0.2 if not answer else 30)
        try:
            await csv_of(queries)
        finally:
            queries.close()

    with answering(answer) as settings, pytest.raises(Later, match=said) as raised:
        asyncio.run(ask(settings))
    assert raised.value.after_s == after_s
