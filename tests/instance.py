"""A whole coinwatch as its user starts it: `make run`, with a home and ports of its own."""

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import psutil
import requests

from tests.eventually import eventually
from tests.ports import free_port

ROOT = Path(__file__).parent.parent
UP = "coinwatch is up: "


class Instance:
    """Starts, asks, kills and stops one instance; the home stays between two starts."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.environ = {
            "COINWATCH_HOME": str(folder / "home"),
            "COINWATCH_API_PORT": str(self.port),
            "COINWATCH_INFLUX_PORT": str(free_port()),
            "COINWATCH_SIMULATOR_PORT": str(free_port()),
            "COINWATCH_COLLECTOR_PORT": str(free_port()),
            "COINWATCH_INTERVAL": "5s",
            "PAIRS": "20",
        } | environ
        self.console = folder / "console.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str) -> None:
        """`make run` in the background, its console kept in a file."""
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "XDG_CACHE_HOME", "LANG")}
        with self.console.open("wb") as console:
            self.process = subprocess.Popen(
                ["make", "run", *arguments],
                cwd=ROOT,
                env=kept | self.environ,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )

    def said(self, text: str) -> bool:
        """Whether the console shows the text."""
        return text in self.console.read_text(errors="replace")

    def wait_until_up(self, within_s: float = 60) -> None:
        def line() -> bool:
            assert self.process is not None
            assert self.process.poll() is None, self.console.read_text(errors="replace")[-3000:]
            return any(line.startswith(UP) for line in self.console.read_text(errors="replace").splitlines())

        eventually(line, f"the line {UP!r}; the console: {self.console}", within_s, every_s=0.1)

    def get(self, path: str) -> requests.Response:
        return requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=10)

    def answer(self, path: str) -> Any:
        """The JSON that a path answers with, or None while it does not answer 200."""
        try:
            response = self.get(path)
        except requests.ConnectionError:
            return None
        return response.json() if response.status_code == 200 else None

    def part(self, words: str) -> psutil.Process:
        """The process of this instance whose command line holds the words."""
        assert self.process is not None
        for process in psutil.Process(self.process.pid).children(recursive=True):
            if words in " ".join(process.cmdline()):
                return process
        raise AssertionError(f"no process {words!r} of this instance")

    def kill(self, words: str) -> None:
        """kill -9 of one part."""
        self.part(words).kill()

    def stop(self, number: int = signal.SIGINT, within_s: float = 40) -> None:
        """Ctrl-C in the console: the whole group gets the signal. AssertionError: something is left behind."""
        assert self.process is not None
        family = psutil.Process(self.process.pid).children(recursive=True) if self.process.poll() is None else []
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        self.process.wait(timeout=within_s)
        _, left = psutil.wait_procs(family, timeout=within_s)
        for process in left:
            process.kill()
        assert not left, f"still there after {signal.Signals(number).name}: {left}"

    def log(self, service: str) -> str:
        """A service's log file so far."""
        path = self.folder / "home" / "logs" / f"{service}.log"
        return path.read_text() if path.exists() else ""


def decoded(line: str) -> Any:
    """One JSON line of a log."""
    return msgspec.json.decode(line)
