"""A look into a spool from outside the process that owns it; nothing is changed."""

import contextlib
from pathlib import Path

from collector.segments import SUFFIX
from collector.spool_format import Damage, scan


def waits_since_s(folder: Path) -> float | None:
    """When the oldest record that waits was appended, in Unix seconds; None: nothing waits."""
    waiting = []
    for path in folder.glob(f"*{SUFFIX}"):
        with contextlib.suppress(FileNotFoundError):  # emptied and removed meanwhile
            found = scan(path.read_bytes(), 0)
            waiting += [one[0].appended_ns / 1e9 for one in found if not isinstance(one, Damage) and not one[1]]
    return min(waiting, default=None)
