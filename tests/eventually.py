"""Waiting for what must come: asks again until it is there, and says what it saw last when it is not."""

import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")


def eventually(look: Callable[[], Seen], what: str, within_s: float = 30, every_s: float = 0.02) -> Seen:
    """The first true value that `look` gives. AssertionError: none came in time."""
    deadline = time.monotonic() + within_s
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s} s: {what}; last seen: {seen!r}")
        time.sleep(every_s)
