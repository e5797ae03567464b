"""The API's processes: this one binds the port and reads the board, its workers serve.

Workers are uvicorn's; it starts a new one where one died. https://www.uvicorn.org/deployment/
"""

import errno
import multiprocessing
import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from uvicorn import Config
from uvicorn.supervisors import Multiprocess

from influx.settings import Settings

BACKLOG = 2048
GRACE_S = 10
BIND_WITHIN_S = 5
BIND_EVERY_S = 0.2
TELEMETRY_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # where prometheus-client lets several processes count together


def bound(settings: Settings) -> socket.socket:
    """The listening socket. OSError: the address is taken or none of ours.

    An address that is taken is tried for a moment: it may be that of a killed API whose workers are just ending.
    """
    deadline = time.monotonic() + BIND_WITHIN_S
    while True:
        try:
            return _bound_now(settings)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                raise
            time.sleep(BIND_EVERY_S)


def _bound_now(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.api_host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.api_host, settings.api_port))
    except OSError:
        listening.close()
        raise
    listening.set_inheritable(True)
    return listening


def serve(settings: Settings, listening: socket.socket) -> None:
    """Serves until SIGTERM or SIGINT."""
    counted = settings.home / "api" / "telemetry"
    shutil.rmtree(counted, ignore_errors=True)
    counted.mkdir(parents=True)
    os.environ[TELEMETRY_FOLDER] = str(counted)
    workers = settings.api_workers or len(os.sched_getaffinity(0))
    config = Config(
        "api.app:create",
        factory=True,
        workers=workers,
        loop="uvloop",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACE_S,
    )
    Multiprocess(config, [listening]).run()


def end_with_parent() -> None:
    """Makes this worker end when its parent is gone, even killed before this: an orphan would keep the port."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def on_stop(act: Callable[[], None]) -> None:
    """Has `act` called when this worker is told to end, beside what uvicorn does then; from its main thread."""
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def told(number: int, frame: FrameType | None, before: Any = before) -> None:
            act()
            if callable(before):
                before(number, frame)

        signal.signal(number, told)
