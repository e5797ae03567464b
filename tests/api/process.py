"""`python -m api` as a process of its own: what it prints, its workers, its end."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from influx.settings import Settings
from tests.eventually import eventually


class Api:
    """A running `python -m api`."""

    def __init__(self, settings: Settings, workers: int) -> None:
        environment = os.environ | {
            "COINWATCH_HOME": str(settings.home),
            "COINWATCH_INFLUX_PORT": str(settings.influx_port),
            "COINWATCH_API_PORT": str(settings.api_port),
            "COINWATCH_API_WORKERS": str(workers),
        }
        self.printed: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "api"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.reading = threading.Thread(target=self._read)
        self.reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            self.printed.extend(lines)

    def up(self) -> str:
        """The line that says that it is up."""
        return eventually(lambda: next((line for line in self.printed if "coinwatch is up: " in line), ""), "up")

    def workers(self) -> list[psutil.Process]:
        """The processes that serve."""
        children = psutil.Process(self.process.pid).children()
        return [child for child in children if "spawn_main" in " ".join(child.cmdline())]

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Sends a signal and gives the exit code."""
        self.process.send_signal(how)
        code = self.process.wait(timeout=30)
        self.reading.join()
        return code


@contextmanager
def running(settings: Settings, workers: int = 2) -> Iterator[Api]:
    """The process while the block runs."""
    api = Api(settings, workers)
    try:
        yield api
    finally:
        if api.process.poll() is None:
            api.end()
        api.process.wait()
        api.reading.join()
