"""Blocks of a page that a command writes, between `<!-- made by COMMAND: NAME -->` and `<!-- end -->`."""

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

MARKER = re.compile(r"<!-- (?:made by (?P<command>[a-z ]+): (?P<name>[a-z0-9 -]+)|(?P<end>end)) -->")


class MarkerError(Exception):
    """A page's markers do not fit; the message names the line."""


class Block(Struct, frozen=True):
    """A block's command and name, and where its text stands in the page, from the marker's line to the closing one."""

    command: str
    name: str
    start: int
    end: int


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a page in order. MarkerError: a marker without its other half."""
    opened: re.Match[str] | None = None
    for marker in MARKER.finditer(text):
        if marker["end"] and opened is not None:
            yield Block(opened["command"], opened["name"], opened.end(), marker.start())
            opened = None
        elif marker["end"] or opened is not None:
            raise MarkerError(_lone(text, marker))
        else:
            opened = marker
    if opened is not None:
        raise MarkerError(_lone(text, opened))


def _lone(text: str, marker: re.Match[str]) -> str:
    return f"line {text.count(chr(10), 0, marker.start()) + 1}: {marker[0]} stands without its other half"


def filled(text: str, command: str, content: Callable[[str], str]) -> str:
    """The page with the blocks of one command written anew; `content` gives a block's text by its name."""
    parts, last = [], 0
    for block in blocks(text):
        if block.command == command:
            parts += [text[last : block.start], f"\n{content(block.name).strip()}\n"]
            last = block.end
    return "".join(parts) + text[last:]
