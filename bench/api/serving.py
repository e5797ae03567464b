"""The processes that bench/api measures: `serving.py api`, the API's workers alone; `serving.py bare`, the peer.

Both run the same uvicorn with as many workers. The API's reader has no part: the benchmark publishes the boards.
"""

import os
import socket
import sys

from uvicorn import Config
from uvicorn.supervisors import Multiprocess

from api import workers
from influx import log
from influx.settings import read_settings


def main() -> None:
    """Serves until SIGTERM."""
    settings = read_settings()
    log.set_up(settings, "bench")
    listening = workers.bound(settings)
    if sys.argv[1] == "api":
        workers.serve(settings, listening)
    else:
        serve_bare(listening)


def serve_bare(listening: socket.socket) -> None:
    """As workers.serve does, with the other application."""
    config = Config(
        "bench.api.bare:create",
        factory=True,
        workers=len(os.sched_getaffinity(0)),
        loop="uvloop",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=workers.BACKLOG,
    )
    Multiprocess(config, [listening]).run()


if __name__ == "__main__":
    main()
