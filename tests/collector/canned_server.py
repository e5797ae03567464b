"""For tests: an exchange on a real socket that gives canned answers, and holds one back until it is told."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Canned:
    """`held` is the path whose answer waits for `go_on`; `asked` is set when it was asked for."""

    def __init__(self, answers: Mapping[str, bytes], held: str = "") -> None:
        self.answers, self.held = answers, held
        self.asked, self.go_on = threading.Event(), threading.Event()
        self.url = ""


@contextmanager
def canned_server(answers: Mapping[str, bytes], held: str = "") -> Iterator[Canned]:
    """A server while the block runs."""
    canned = Canned(answers, held)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == canned.held:
                canned.asked.set()
                canned.go_on.wait()
            body = canned.answers.get(self.path, b"")
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # the client has gone, as it may

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    canned.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield canned
    finally:
        canned.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()


KRAKEN = {
    "/0/public/AssetPairs": b"""{"error":[],"result":{"XXBTZUSD":{"altname":"XBTUSD","wsname":"XBT/USD"}}}""",
    "/0/public/Ticker": b"""{"error":[],"result":{"XXBTZUSD":
        {"c":["97012.4","0.1"],"v":["10.0","1234.5"],"p":["97000.0","97010.0"]}}}""",
}
"""One pair of Kraken's, in the shape of https://docs.kraken.com/api/docs/rest-api/get-ticker-information."""
