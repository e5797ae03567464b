"""Says once that the service is up: when the API answers and there is data, or it is known that there can be none."""

import http.client
import threading
import time

import msgspec

from api.health import SIMULATE, none_reachable
from api.shelf import Shelf
from influx.settings import Settings

LOOK_EVERY_S = 0.25
TIMEOUT_S = 2
STARTED_TOGETHER_S = 10
OWN_S = 60
"""For so long only states count that the collector has told since we were started together; then older ones too."""


class Announcer(threading.Thread):
    """Prints `coinwatch is up: ADDRESS` when it is true, then ends."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(name="announcer", daemon=True)
        self.settings = settings
        self.shelf = Shelf(settings)
        self.since_s = time.time() - STARTED_TOGETHER_S
        self._stopping = threading.Event()

    def run(self) -> None:
        """Looks until there is something to say."""
        while not self._stopping.wait(LOOK_EVERY_S):
            line = self.line()
            if line:
                print(line, flush=True)  # noqa: T201 # the one line that a user waits for
                return

    def stop(self) -> None:
        """Ends the looking."""
        self._stopping.set()

    def line(self) -> str:
        """The line, empty while it is too early."""
        self.shelf.look()
        board = self.shelf.board
        now_s = time.time()
        unreachable = none_reachable(self.shelf, self.since_s if now_s < self.since_s + OWN_S else 0)
        if (board is None and not unreachable) or not self._answers():
            return ""
        up = f"coinwatch is up: {self.settings.api_url}"
        return up if board is not None else f"{up} (no exchange could be reached; {SIMULATE})"

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(self.settings.api_host, self.settings.api_port, timeout=TIMEOUT_S)
        try:
            connection.request("GET", "/healthz")
            return bool(msgspec.json.decode(connection.getresponse().read()) == {"status": "ok"})
        except (OSError, http.client.HTTPException, msgspec.DecodeError):
            return False
        finally:
            connection.close()
