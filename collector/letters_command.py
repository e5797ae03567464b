"""`python -m collector dead-letters`: list the lines that the database refused for good, or send them again."""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from collector import dead_letters
from collector.dead_letters import Letter
from collector.delivery import Outcome
from influx import tokens
from influx.client import Forbidden
from influx.settings import Settings


def options(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "--retry", action="store_true", help="send all of them again; what is written is gone from here"
    )


def command(arguments: argparse.Namespace, settings: Settings) -> int:
    """Listing: 0. Retrying: 0 when none is left."""
    out = Console(highlight=False, markup=False, soft_wrap=True)
    errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    folder = dead_letters.folder(settings)
    try:
        if not arguments.retry:
            show(out, folder, dead_letters.list_letters(folder))
            return 0
        outcome = retry(settings, folder)
    except ValueError as error:
        errors.print(str(error))
        return 1
    out.print(f"{outcome.written:,} written, {len(outcome.refused):,} refused again, {outcome.kept:,} kept")
    if outcome.why:
        errors.print(str(outcome.why))
    return 1 if outcome.refused or outcome.kept else 0


def show(out: Console, folder: Path, letters: Sequence[Letter]) -> None:
    """The letters as a table, and how many there are."""
    if letters:
        table = Table("time", "bucket", "reason", "line")
        for letter in letters:
            table.add_row(letter.time, letter.bucket, letter.reason, letter.line)
        out.print(table, soft_wrap=False)
    out.print(f"{len(letters):,} dead letters in {folder}")


def retry(settings: Settings, folder: Path) -> Outcome:
    """Sends them again. Forbidden: there is no token yet."""
    database = tokens.connect(settings, tokens.COLLECTOR)
    if database is None:
        raise Forbidden("the database is not set up yet: python -m influx setup")
    try:
        return dead_letters.retry(folder, database, time.time())
    finally:
        database.close()
