"""The settings as a table, and as .env.example."""

import re
import textwrap
from collections.abc import Iterator

from docs.markdown import code, table
from influx.settings import Variable, accepted, variables, write_value

WIDTH = 100
ONE_EXCHANGE = "<EXCHANGE>"
INTRODUCTION = """\
Every setting at its default: copy this file to .env and take the # off what you change.
`make run` and Docker Compose read .env; commands by hand take their settings from the environment.
"""


def settings_table() -> str:
    """A row a variable, in the record's order."""
    head = ("variable", "default", "accepted", "meaning")
    return table(head, ([code(one.name), default(one), bounds(one), one.meaning] for one in variables()))


def default(variable: Variable) -> str:
    """The default as it is written, or in words where it can't be."""
    if variable.shown:
        return variable.shown
    written = write_value(variable, variable.default)
    return code(written) if written else "none"


def bounds(variable: Variable) -> str:
    """What is accepted; nothing where the meaning says it."""
    text = accepted(variable)
    return "" if text == variable.meaning else text


def env_example() -> str:
    """The file .env.example: every setting with its meaning, each commented out."""
    parts = [_comment(INTRODUCTION)]
    for variable in variables():
        said = [variable.meaning, *(f"accepted: {text}" for text in (bounds(variable),) if text)]
        if variable.shown:
            said.append(f"default: {variable.shown}")
        parts.append(_comment("; ".join(said)) + f"#{_line(variable)}\n")
    return "\n".join(parts)


def _line(variable: Variable) -> str:
    if ONE_EXCHANGE in variable.name:
        return _example(variable)
    return f"{variable.name}={write_value(variable, variable.default)}"


def _example(variable: Variable) -> str:
    match = re.search(r"`(\w+=\S+)`", variable.meaning)
    if match is None:
        raise ValueError(f"the meaning of {variable.name} holds no example such as `NAME=value`")
    return match[1]


def _comment(text: str) -> str:
    return "".join(f"# {line}\n" for paragraph in text.splitlines() for line in _wrapped(paragraph))


def _wrapped(paragraph: str) -> Iterator[str]:
    yield from textwrap.wrap(paragraph.replace("`", ""), WIDTH, break_long_words=False, break_on_hyphens=False)
