"""A webhook's other end on a real socket: takes messages, fails, or never answers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
from msgspec import Struct


class Posted(Struct):
    """What Apprise's json:// posts."""

    title: str
    message: str


class Hook:
    """The messages that came; `status` is what it answers, 0: nothing at all."""

    def __init__(self) -> None:
        self.status = 200
        self.came: list[Posted] = []
        self.tries = 0
        self.over = threading.Event()
        self.port = 0


@contextmanager
def webhook() -> Iterator[Hook]:
    """A hook that listens while the block runs."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        """Answers one post."""

        def do_POST(self) -> None:
            """Takes it, or does not."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.tries += 1
            if hook.status == 0:
                hook.over.wait()
                return
            if hook.status == 200:
                hook.came.append(msgspec.json.decode(body, type=Posted))
            self.send_response(hook.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield hook
    finally:
        hook.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
