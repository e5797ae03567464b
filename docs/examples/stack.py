"""The service as a user starts it, on free ports and a home of its own that is gone afterwards."""

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from docs.pages import ROOT
from tests.eventually import eventually
from tests.ports import free_port

STOP_WITHIN_S = 60
PORTS = ("COINWATCH_API_PORT", "COINWATCH_COLLECTOR_PORT", "COINWATCH_INFLUX_PORT", "COINWATCH_SIMULATOR_PORT")


class Stack:
    """A running service: its environment and its console."""

    def __init__(self, home: Path) -> None:
        self.home, self.log = home, home / "console.log"
        own = {name: value for name, value in os.environ.items() if not name.startswith(("COINWATCH_", "INFLUX_"))}
        self.environ = own | {"COINWATCH_HOME": str(home)} | {name: str(free_port()) for name in PORTS}
        self.url = f"http://127.0.0.1:{self.environ['COINWATCH_API_PORT']}"

    @contextmanager
    def started(self, *commands: Sequence[str]) -> Iterator[None]:
        """Runs the commands in the background while the block runs, and ends them as an init system does."""
        with ExitStack() as cleanup, self.log.open("wb") as log:
            for command in commands:
                process = subprocess.Popen(
                    command, cwd=ROOT, env=self.environ, stdout=log, stderr=log, start_new_session=True
                )
                cleanup.callback(_stop, process)
            yield

    def line(self, with_text: str, within_s: float) -> str:
        """The console's first line with a text, once it is there."""

        def look() -> str:
            return next((line for line in self.log.read_text().splitlines() if with_text in line), "")

        return eventually(look, f"a line with {with_text!r}", within_s, every_s=0.5)

    def order(self, path: str, order: Mapping[str, object]) -> None:
        """Sends an order to the simulator. HTTPError: it is none."""
        url = f"http://127.0.0.1:{self.environ['COINWATCH_SIMULATOR_PORT']}{path}"
        with urlopen(Request(url, json.dumps(order).encode())):
            pass

    def ask(self, path: str) -> str:
        """The body of an answer. CalledProcessError: it was an error, or there was none."""
        command = ["curl", "--silent", "--show-error", "--fail-with-body", self.url + path]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def look(self, path: str) -> dict[str, Any]:
        """An answer, empty while it is an error."""
        try:
            found: dict[str, Any] = json.loads(self.ask(path))
        except subprocess.CalledProcessError:
            return {}
        return found

    def run(self, *command: str) -> str:
        """What a command prints, errors last. CalledProcessError: it failed."""
        done = subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=True)
        return done.stdout + done.stderr


@contextmanager
def stack() -> Iterator[Stack]:
    """A stack that is not started yet."""
    with tempfile.TemporaryDirectory(prefix="coinwatch-") as home:
        yield Stack(Path(home))


def _stop(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(STOP_WITHIN_S)
