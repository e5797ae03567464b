"""A process that logs a batch of alerts and is killed at a chosen step: HOME FORM COUNT KILL.

KILL is before:N or after:N: as by kill -9 before or after so many lines are written. before:0 is right after the batch
is noted as intended, after:COUNT right before it is noted as done.
"""

import os
import signal
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, cast

from api.alert import Alert
from api.alerts import write
from api.journal import Journal
from influx import log
from influx.settings import Settings

NS = 10**9


def made(count: int) -> list[Alert]:
    """So many alerts, each of a pair of its own; the price tells which."""
    return [
        Alert("kraken", f"coin{number}usd", "price", "price_3x", 1_795_509_180 * NS, number + 0.5, 3.0, 1.0, 3.0, False)
        for number in range(count)
    ]


def nothing(change: sqlite3.Connection, alerts: Sequence[Alert]) -> None:
    """What is noted beside: nothing."""


def main() -> None:
    home, form, count, kill = sys.argv[1:]
    settings = Settings(home=Path(home), log_format=cast(Literal["text", "json"], form))
    log.set_up(settings, "api")
    moment, _, place = kill.partition(":")
    written = 0

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def write_one(alert: Alert) -> None:
        nonlocal written
        if (moment, int(place)) == ("before", written):
            die()
        write(alert, 0.0)
        written += 1
        if (moment, int(place)) == ("after", written):
            die()

    Journal(settings).log_once(made(int(count)), write_one, nothing)


if __name__ == "__main__":
    main()
