"""An influxd of a test's own that can be killed and started again on the same files."""

import signal
import subprocess
from types import TracebackType
from typing import Self

from influx import server, server_process
from influx.settings import Settings


class Influxd:
    """`with Influxd(settings) as influxd`: it runs; at the end it is gone, whatever happened in between."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers."""
        binary = server.find()
        assert binary is not None, "there is no influxd; run make influxd"
        (self.settings.home / "influxd").mkdir(parents=True, exist_ok=True)
        command = server_process.command(binary, self.settings)
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        server_process.wait_until_ready(self.settings, self._process)

    def kill(self) -> None:
        """kill -9."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """SIGTERM, and its end awaited."""
        if self._process:
            self._process.terminate()
            self._process.wait(30)

    def pause(self) -> None:
        """It stands still: connections are taken, nothing is answered."""
        if self._process:
            self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """It goes on after a pause."""
        if self._process:
            self._process.send_signal(signal.SIGCONT)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
