"""A door in front of the real influxd, on a real socket: it lets requests through, or answers as a busy server does.

It takes nothing of influxd's part: what it lets through is answered by influxd alone.
"""

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

import msgspec
import urllib3
from msgspec import Struct


class Seen(Struct, frozen=True):
    """A request: when it came, its path with the query, its body, and the status it got (0: none)."""

    at_s: float
    path: str
    body: bytes
    status: int

    @property
    def bucket(self) -> str:
        """The bucket that a write names."""
        return parse_qs(urlsplit(self.path).query).get("bucket", [""])[0]


class Gate:
    """`with Gate(url) as gate`: gate.url stands for the server's address."""

    def __init__(self, url: str) -> None:
        self.seen: list[Seen] = []
        self._target = url
        self._status: int | None = None
        self._bucket = ""
        self._headers: dict[str, str] = {}
        self._swallows = False
        self._pool = urllib3.PoolManager(retries=False)
        self._port = 0
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """Where clients are to go."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def writes(self) -> list[Seen]:
        """The requests that were writes."""
        return [seen for seen in self.seen if urlsplit(seen.path).path == "/api/v2/write"]

    def let_through(self) -> None:
        """From now on influxd answers."""
        self._status, self._bucket, self._swallows = None, "", False

    def answer(self, status: int, **headers: str) -> None:
        """From now on every request gets this, and influxd nothing; retry_after is the header Retry-After."""
        self._status, self._headers = status, {name.replace("_", "-"): value for name, value in headers.items()}

    def answer_bucket(self, bucket: str, status: int) -> None:
        """From now on writes to this bucket get this, and influxd answers all others."""
        self._bucket, self._status, self._headers = bucket, status, {}

    def swallow_answers(self) -> None:
        """From now on influxd gets the requests, but its answers are lost on the way."""
        self._status, self._swallows = None, True

    def shut(self) -> None:
        """From now on nobody listens."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def open(self) -> None:
        """Listens, on the same port as before."""
        gate = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                gate._handle(self)

            def do_POST(self) -> None:
                gate._handle(self)

            def log_message(self, *args: object) -> None:
                pass

        self._server = Listener(("127.0.0.1", self._port), Handler)
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shut()
        self._pool.clear()

    def _handle(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        seen = Seen(time.time(), request.path, body, 0)
        if self._status is not None and self._bucket in ("", seen.bucket):
            status, headers, answer = self._status, self._headers, b""
        else:
            response = self._pool.request(
                request.command, self._target + request.path, body, headers=dict(request.headers)
            )
            status, headers, answer = response.status, dict(response.headers), response.data
        if self._swallows:
            self.seen.append(seen)
            request.connection.shutdown(socket.SHUT_RDWR)
            request.close_connection = True
            return
        self.seen.append(msgspec.structs.replace(seen, status=status))
        request.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "date"):
                request.send_header(name, value)
        request.send_header("Content-Length", str(len(answer)))
        request.end_headers()
        request.wfile.write(answer)


class Listener(ThreadingHTTPServer):
    """Threads that end with the test, a port that can be taken again at once, and no word about lost clients."""

    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass
