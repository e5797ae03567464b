"""A server that says again what an exchange said once, at no cost to speak of, so that the collector is what is timed.

`python -m bench.collector.recorded URL PATH...` prints its address.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests


@contextmanager
def recorded(url: str, paths: Sequence[str]) -> Iterator[str]:
    """The address of a process that serves these paths of `url` from memory; it ends with the block."""
    command = [sys.executable, "-m", "bench.collector.recorded", url, *paths]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def main() -> None:
    """The process."""
    url, *paths = sys.argv[1:]
    bodies = {path: requests.get(url + path, timeout=60).content for path in paths}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = bodies[self.path]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()
