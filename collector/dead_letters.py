"""Dead letters: lines that the database refuses for good, kept with its reason until an operator has judged them.

A file holds the refused lines of one batch, one JSON object a line. Its name comes from its content, so a batch that
is refused again, as after a crash, is no second letter.
"""

import hashlib
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct

from collector.delivery import Outcome, Refusal, deliver
from collector.late import late_lines
from collector.segments import sync_folder
from influx import schema
from influx.client import Database
from influx.settings import Settings

SUFFIX = ".jsonl"
LIMIT_BYTES = 256 * 2**20


class LettersFull(Exception):
    """The folder is at its bound: refused lines stay in the spool until an operator has emptied it."""


class Letter(Struct, frozen=True):
    """One refused line: when, for which bucket, and the server's reason. `time` is RFC 3339."""

    time: str
    bucket: str
    reason: str
    line: str


def folder(settings: Settings) -> Path:
    """Where the collector keeps them."""
    return settings.home / "dead-letters"


def add(folder: Path, bucket: str, refused: Sequence[Refusal], now_s: float, limit_bytes: int = LIMIT_BYTES) -> None:
    """Keeps refused lines; returns when they are durable. LettersFull or OSError: they are not kept."""
    if not refused:
        return
    folder.mkdir(parents=True, exist_ok=True)
    if sum(path.stat().st_size for path in _files(folder)) >= limit_bytes:
        raise LettersFull(f"{folder} is at its bound of {limit_bytes / 1e6:,.0f} MB: python -m collector dead-letters")
    now = datetime.fromtimestamp(now_s, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    letters = [Letter(now, bucket, one.reason, one.line.decode(errors="backslashreplace")) for one in refused]
    name = hashlib.sha256(b"\n".join(one.line for one in refused)).hexdigest()[:16]
    _write(folder / f"{bucket}-{name}{SUFFIX}", letters)


def list_letters(folder: Path) -> list[Letter]:
    """All dead letters, oldest first. ValueError names a file that is none of ours."""
    letters = [letter for path in _files(folder) for letter in _read(path)]
    return sorted(letters, key=lambda letter: letter.time)


def retry(folder: Path, database: Database, now_s: float) -> Outcome:
    """Sends every dead letter again. What is written is no letter any longer; what is refused stays, with the reason.

    Stops where the database can't take lines now: the rest is kept.
    """
    total = Outcome()
    for path in _files(folder):
        letters = _read(path)
        if total.why or not letters:
            total.kept += len(letters)
            continue
        outcome = _deliver(letters, database, now_s)
        total.written += outcome.written
        total.refused += outcome.refused
        total.kept += outcome.kept
        total.why = outcome.why
        if outcome.why is None:
            add(folder, letters[0].bucket, outcome.refused, now_s, limit_bytes=sys.maxsize)
            if outcome.written:
                path.unlink()
    return total


def _deliver(letters: Sequence[Letter], database: Database, now_s: float) -> Outcome:
    lines = [letter.line.encode() for letter in letters]
    outcome = deliver(partial(database.write, letters[0].bucket), lines)
    bad = {refusal.line for refusal in outcome.refused}
    late = late_lines(b"\n".join(line for line in lines if line not in bad), now_s)
    if late and outcome.why is None:
        told = deliver(partial(database.write, schema.EVENTS.name), late.splitlines())
        outcome.why = told.why
    return outcome


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{SUFFIX}"))


def _read(path: Path) -> list[Letter]:
    try:
        return [msgspec.json.decode(line, type=Letter) for line in path.read_bytes().splitlines()]
    except msgspec.DecodeError as error:
        raise ValueError(f"{path} holds no dead letters: {error}") from error


def _write(path: Path, letters: Iterable[Letter]) -> None:
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        file.write(b"".join(msgspec.json.encode(letter) + b"\n" for letter in letters))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)
