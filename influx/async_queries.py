"""Queries from an event loop, without a thread: what client.py's Database is for threads, for the API's charts.

HTTP/1.1 on connections that stay open, read by httptools as uvicorn reads it. A chart's query takes a few ms; through
a thread and urllib3 it takes a tenth more, through aiohttp as well. API: https://docs.influxdata.com/influxdb/v2/api/
"""

import asyncio
import ssl
from collections.abc import Callable
from http import HTTPStatus
from http.client import responses
from typing import NamedTuple, cast
from urllib.parse import urlencode, urlsplit

import httptools

from influx import flux
from influx.client import Later, query_body, reason, refusal

AT_ONCE = 16
"""Queries of one worker that the database has at the same time; further ones wait for their turn."""

Take = Callable[[bytes], None]


class AsyncQueries:
    """The connections of one event loop with one token."""

    def __init__(self, url: str, org: str, token: str, token_name: str = "", timeout_s: float = 30) -> None:
        self.url, self.token_name, self.timeout_s = url, token_name, timeout_s
        address = urlsplit(url)
        self._host = address.hostname or ""
        self._tls = ssl.create_default_context() if address.scheme == "https" else None
        self._port = address.port or (443 if self._tls else 80)
        target = f"{address.path}/api/v2/query?{urlencode({'org': org})}"
        head = f"POST {target} HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Token {token!s}\r\n"
        self._head = head.encode() + b"Content-Type: application/json\r\nContent-Length: "
        self._idle: list[Connection] = []
        self._turns = asyncio.Semaphore(AT_ONCE)

    def close(self) -> None:
        """Closes the connections that are idle."""
        while self._idle:
            self._idle.pop().close()

    async def ask(self, text: str, options: flux.Options, take: Take) -> None:
        """Hands on the CSV that a Flux text answers with, in pieces as they come; `options` travel beside the text.

        DatabaseError as of Database.query_csv; what was taken until then is void.
        """
        body = query_body(text, options)
        request = b"%b%d\r\n\r\n%b" % (self._head, len(body), body)
        try:
            async with self._turns, asyncio.timeout(self.timeout_s):
                answer = await self._answer(request, take)
        except (OSError, httptools.HttpParserError) as error:
            why = getattr(error, "strerror", None) or str(error) or f"none within {self.timeout_s:g} s"
            raise Later(f"no answer from {self.url}: {why}") from error
        if answer.status != HTTPStatus.OK:
            why = reason(answer.refusal, responses.get(answer.status, ""))
            raise refusal(self.url, self.token_name, answer.status, why, answer.retry_after)

    async def _answer(self, request: bytes, take: Take) -> "Answer":
        while self._idle:
            try:
                return await self._use(self._idle.pop(), request, take)
            except ConnectionGone:
                continue  # the server had closed it while it was idle
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(Connection, self._host, self._port, ssl=self._tls)
        return await self._use(connection, request, take)

    async def _use(self, connection: "Connection", request: bytes, take: Take) -> "Answer":
        try:
            answer = await connection.ask(request, take)
        except BaseException:
            connection.close()  # also when the request was given up: its answer is still to come
            raise
        if answer.stays_open:
            self._idle.append(connection)
        else:
            connection.close()
        return answer


class Answer(NamedTuple):
    """What came back beside the pieces that were taken; `refusal`: the body, where the status is no success."""

    status: int
    refusal: bytes
    retry_after: str
    stays_open: bool


class ConnectionGone(ConnectionError):
    """The connection was closed before a byte of the answer had come."""


class Connection(asyncio.Protocol):
    """One connection, with one request at a time; the callbacks named on_ are httptools'."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._begun = False
        self._done: asyncio.Future[Answer] | None = None
        self._refusal = self._retry_after = b""

    def ask(self, request: bytes, take: Take) -> "asyncio.Future[Answer]":
        """Sends a request; gives its answer once all of it is taken. ConnectionError: it is not to come."""
        self._done = asyncio.get_running_loop().create_future()
        self._take, self._begun = take, False
        self._refusal = self._retry_after = b""
        if self._transport.is_closing():
            self._done.set_exception(ConnectionGone("the connection was closed"))
        else:
            self._transport.write(request)
        return self._done

    def close(self) -> None:
        """Closes it."""
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio's: it is open."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is none by its class

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio's: it is closed."""
        kind = ConnectionError if self._begun else ConnectionGone
        self._fail(kind("the connection was closed"))

    def data_received(self, data: bytes) -> None:
        """asyncio's: a piece of the answer."""
        self._begun = True
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(error)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        if name.lower() == b"retry-after":
            self._retry_after = value

    def on_headers_complete(self) -> None:
        """What follows is the body."""
        self._succeeds = self._parser.get_status_code() == HTTPStatus.OK

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        if self._succeeds:
            self._take(body)
        else:
            self._refusal += body

    def on_message_complete(self) -> None:
        """The answer is whole."""
        if self._done is not None and not self._done.done():
            status, stays_open = self._parser.get_status_code(), self._parser.should_keep_alive()
            self._done.set_result(Answer(status, self._refusal, self._retry_after.decode("latin-1"), stays_open))

    def _fail(self, error: Exception) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_exception(error)
