"""Small records in the home that outlive a restart: an exchange's state, its list of pairs.

Writing one is never worth a poll: when the disk does not take it, that is told once and what is in memory serves on.
"""

import logging
import os
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from influx.outage import Outage

Record = TypeVar("Record", bound=Struct)

_disk = Outage(logging.getLogger("coinwatch.home"), "home", "writing of states and lists", "files", "polling goes on")


def keep(path: Path, record: Struct) -> None:
    """Writes a record whole or not at all."""
    draft = path.with_suffix(f".{os.getpid()}")
    try:
        draft.write_bytes(msgspec.json.encode(record))
        draft.replace(path)
    except OSError as error:
        _disk.failed(str(error.strerror), detail=f": {path}")
    else:
        _disk.over()


def read(path: Path, kind: type[Record]) -> Record | None:
    """A record as it was kept; None where there is none, or none that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError):
        return None
