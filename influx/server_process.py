"""Our own influxd as a child process: started on the home's files, ready when it answers, stopped with us."""

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from influx import flux, rules, server, tokens
from influx.client import Database, DatabaseError, Later
from influx.jobs import board
from influx.settings import Settings
from influx.stack import Setup

REGULAR_BOARD_S = 70  # by then the task itself has written one

logger = logging.getLogger("coinwatch.influx")

READY_WITHIN_S = 60


def command(binary: Path, settings: Settings) -> list[str]:
    """influxd's command line. Options: https://docs.influxdata.com/influxdb/v2/reference/config-options/

    By default influxd profiles itself, sampling its memory every 4 kB, which slows every query.
    """
    data = settings.home / "influxd"
    memory_bytes = settings.query_memory * 1024 * 1024
    return [
        str(binary),
        f"--bolt-path={data / 'influxd.bolt'}",
        f"--sqlite-path={data / 'influxd.sqlite'}",
        f"--engine-path={data / 'engine'}",
        f"--http-bind-address=127.0.0.1:{settings.influx_port}",
        f"--query-concurrency={settings.query_concurrency}",
        f"--query-memory-bytes={memory_bytes}",
        f"--query-queue-size={QUEUED_QUERIES}",
        "--reporting-disabled",
        "--ui-disabled",
        "--pprof-disabled",
        "--log-level=warn",
    ]


QUEUED_QUERIES = 256


def environment() -> dict[str, str]:
    """influxd's environment. Its garbage is collected half as often as by Go's default, which an operator may set.

    A board takes less time so, and influxd more memory.
    """
    return {"GOGC": "200"} | os.environ


@contextmanager
def running(binary: Path, settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """influxd while the block runs, ready at its start; its log goes to logs/influxd.log."""
    for folder in (settings.home / "influxd", settings.home / "logs"):
        folder.mkdir(parents=True, exist_ok=True)
    with (settings.home / "logs" / "influxd.log").open("ab") as log:
        process = subprocess.Popen(command(binary, settings), env=environment(), stdout=log, stderr=log)
        try:
            wait_until_ready(settings, process)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until_ready(settings: Settings, process: subprocess.Popen[bytes] | None = None) -> None:
    """Returns when the database answers. Later: it does not within a minute, or our influxd has ended."""
    database = Database(settings.url, settings.influx_org, "", timeout_s=2)
    deadline = time.monotonic() + READY_WITHIN_S
    try:
        while True:
            try:
                database.version()
                return
            except Later as error:
                if process is not None and process.poll() is not None:
                    log = settings.home / "logs" / "influxd.log"
                    raise Later(f"influxd ended with code {process.returncode}; its reason is in {log}") from error
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
    finally:
        database.close()


def serve(settings: Settings) -> None:
    """Our own influxd, in shape, until SIGTERM or SIGINT. Later: it ended by itself."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with running(server.find_or_build(logger.info), settings) as process:
        for change in Setup(settings).run():
            logger.info("%s", change)
        logger.info("influxd %s is up at %s", server.version(), settings.url)
        until = time.monotonic() + REGULAR_BOARD_S
        stamp = rules.stamp(settings)
        while not stop.wait(1):
            if (changed := rules.stamp(settings)) != stamp:
                stamp = changed
                take_up_rules(settings)
            if time.monotonic() < until and first_board(settings):
                until = 0.0
            if process.poll() is not None:
                raise Later(
                    f"influxd ended with code {process.returncode}; see {settings.home / 'logs' / 'influxd.log'}"
                )


def take_up_rules(settings: Settings) -> None:
    """Brings the database into shape by the rules' changed file; a malformed one is logged and changes nothing."""
    try:
        for change in Setup(settings).run():
            logger.info("%s", change)
        if rules.are_in_force(settings):
            logger.info("the rules of %s are in force", rules.path(settings))
    except DatabaseError as error:
        logger.error("the changed rules could not be taken up: %s; python -m influx setup does it", error)


class Newest(Struct):
    """How many series have a point of the last two minutes, in quotes and on the board."""

    quotes: int
    board: int


def first_board(settings: Settings) -> bool:
    """Runs the board's own file once there are quotes, so that a start need not wait for the full minute.

    True when every series that has a quote is on it, or when it has to wait all the same.
    """
    token = tokens.read(settings, tokens.OPERATOR) or settings.influx_token
    database = Database(settings.url, settings.influx_org, token, tokens.OPERATOR)
    try:
        newest = database.query(flux.source("queries/newest"), Newest)[0]
        if newest.board < newest.quotes:
            database.query_csv(board(settings).text)
        return 0 < newest.quotes <= newest.board
    except DatabaseError as error:
        logger.warning("the first board has to wait for the full minute: %s", error)
        return True
    finally:
        database.close()
