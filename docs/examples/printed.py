"""How an example's output stands in the README: line breaks added, long lists cut at …"""

import json
import re
import textwrap
from collections.abc import Mapping
from typing import Any

from docs.examples.asked import ALERTS, SIMULATOR, Ask
from docs.markdown import fenced

WIDTH = 116
MOST_ROWS = 9
KEPT_ROWS = 2
CUT = "…"
HELD = "\u00a0"  # a space at which no line ends


def answer(body: str) -> str:
    """A JSON answer in lines of WIDTH that end behind a comma."""
    text = json.dumps(_cut(json.loads(body)), ensure_ascii=False).replace(f'"{CUT}"', CUT)
    held = re.sub(r'"[^"]*"|: ', lambda part: part[0].replace(" ", HELD), text)
    lines = textwrap.wrap(held, WIDTH, subsequent_indent=" ", break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines).replace(HELD, " ")


def _cut(value: Any) -> Any:
    match value:
        case list() if len(value) > MOST_ROWS:
            return [*map(_cut, value[:KEPT_ROWS]), CUT]
        case list():
            return list(map(_cut, value))
        case dict():
            return {name: _cut(member) for name, member in value.items()}
    return value


def example(ask: Ask, body: str) -> str:
    """What it says, the command, its output."""
    return f"{ask.says}\n\n{fenced(f'$ {ask.shown}{chr(10)}{answer(body)}')}"


def alert(spike: Mapping[str, object], line: str, asked: str) -> str:
    """An order to the simulator, the log line that follows, and what the API has then."""
    order = f"curl -s -X POST {SIMULATOR}/_sim/spike -d '{json.dumps(spike)}'"
    return "\n\n".join(
        [
            "A spike, ordered from the simulator, is one line in the log soon after the next poll:",
            fenced(f"$ {order}\n…\n{line}"),
            example(ALERTS, asked),
        ]
    )
