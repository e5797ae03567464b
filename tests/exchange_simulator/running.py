"""For tests: a simulator in a process of its own on a free port, with its control requests as methods."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests
from msgspec import json

from tests.exchange_simulator.faults import Kind
from tests.exchange_simulator.journal import Request, Served
from tests.exchange_simulator.spikes import Metric

CHECKOUT = Path(__file__).parents[2]
UP = "exchange simulator is up: "
DEADLINE_S = 30


class Running:
    """A simulator at an address."""

    def __init__(self, url: str) -> None:
        self.url = url

    def exchange_url(self, exchange: str) -> str:
        """The base address that takes the place of the exchange's own."""
        return f"{self.url}/{exchange}"

    def spike(self, exchange: str, pair: str, metric: Metric, factor: float, polls: int = 1) -> None:
        order = {"exchange": exchange, "pair": pair, "metric": metric, "factor": factor, "polls": polls}
        self._post("/_sim/spike", order)

    def fault(self, exchange: str, kind: Kind, seconds: float = 0.0) -> None:
        self._post("/_sim/fault", {"exchange": exchange, "kind": kind, "seconds": seconds})

    def pairs(self, exchange: str, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        self._post("/_sim/pairs", {"exchange": exchange, "add": add, "remove": remove})

    def journal(self, since_s: float = 0.0) -> list[Served]:
        return json.Decoder(Served).decode_lines(self._get("/_sim/journal", since_s))

    def requests(self, since_s: float = 0.0) -> list[Request]:
        return json.Decoder(Request).decode_lines(self._get("/_sim/requests", since_s))

    def _post(self, path: str, order: object) -> None:
        answer = requests.post(self.url + path, data=json.encode(order), timeout=DEADLINE_S)
        assert answer.status_code == 204, answer.text

    def _get(self, path: str, since_s: float) -> bytes:
        answer = requests.get(self.url + path, params={"since": repr(since_s)}, timeout=DEADLINE_S)
        assert answer.status_code == 200, answer.text
        return answer.content


@contextmanager
def simulator(pairs: int = 20, seed: int = 1, port: int = 0) -> Iterator[Running]:
    """A running simulator; `port` 0 is a free one. It ends with the block."""
    command = [sys.executable, "-m", "tests.exchange_simulator"]
    command += ["--port", str(port), "--pairs", str(pairs), "--seed", str(seed)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
            assert said.startswith(UP), f"the simulator did not start: {said!r}"
            yield Running(said.removeprefix(UP).strip())
        finally:
            process.terminate()
            try:
                process.wait(DEADLINE_S)
            except subprocess.TimeoutExpired:
                process.kill()
