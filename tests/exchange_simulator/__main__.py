"""`python -m tests.exchange_simulator`: serves until SIGTERM or Ctrl-C; prints its address once it can be reached."""

import argparse
import os
import socket
import sys

import uvicorn

from tests.exchange_simulator.app import make_app
from tests.exchange_simulator.simulation import Simulation

HOST = "127.0.0.1"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.exchange_simulator", description=__doc__.partition(":")[2])
    parser.add_argument("--port", type=int, default=8900, help="where it listens; 0: a free port (default %(default)s)")
    parser.add_argument(
        "--pairs", type=int, default=100, help="pairs of each exchange, 3 or more (default %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed is another market (default %(default)s)")
    chosen = parser.parse_args()
    if chosen.pairs < 3:
        parser.error(f"--pairs is {chosen.pairs}; accepted: 3 or more")
    return chosen


def main() -> int:
    chosen = arguments()
    try:
        listener = socket.create_server((HOST, chosen.port), backlog=1024)
    except OSError as error:
        print(
            f"port {chosen.port} can't be used: {os.strerror(error.errno or 0)}; choose another with --port",
            file=sys.stderr,
        )
        return 1
    app = make_app(Simulation(chosen.pairs, chosen.seed))
    print(f"exchange simulator is up: http://{HOST}:{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[listener])
    return 0


if __name__ == "__main__":
    sys.exit(main())
