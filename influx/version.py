"""The version: the first release heading of CHANGELOG.md, and nowhere else."""

import re
from functools import cache
from pathlib import Path

CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"
RELEASE = re.compile(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$", re.MULTILINE)


class NoVersion(Exception):
    """CHANGELOG.md is not there or holds no release; the checkout or the image is incomplete."""


@cache
def version() -> str:
    """The newest release, e.g. 0.1.0."""
    return newest(CHANGELOG)


def newest(changelog: Path) -> str:
    """The newest release of a changelog. NoVersion: there is none."""
    try:
        match = RELEASE.search(changelog.read_text())
    except FileNotFoundError:
        match = None
    if match is None:
        raise NoVersion(f"{changelog} holds no heading such as ## [0.1.0] - 2026-11-24")
    return match[1]
