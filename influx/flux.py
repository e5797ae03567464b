"""Flux files and the values they are given: as `extern` with a query, as an option joined in for a task.

A value never becomes part of a query's text: it travels beside it as a syntax tree. A task has no such
companion, so there its options are written out as Flux literals behind the file's imports.
Grammar and syntax tree: https://docs.influxdata.com/flux/v0/spec/
"""

import json
import re
from collections.abc import Container, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

Value = bool | int | float | str | datetime | timedelta | Sequence["Value"] | Mapping[str, "Value"]
Options = Mapping[str, Value]

HERE = Path(__file__).parent
PART = re.compile(
    r"^(?P<indent> *)// where (?P<case>\w+)\n(?P<text>.+\n(?:(?P=indent) +\S.*\n|(?P=indent)[)\]}].*\n)*)", re.MULTILINE
)


@cache
def source(name: str, *cases: str) -> str:
    """The text of a .flux file of this package, e.g. `queries/rank`, with those of its parts that these cases need."""
    return where((HERE / f"{name}.flux").read_text(), cases)


def where(text: str, cases: Container[str]) -> str:
    """A file's text without the parts that are for other cases: before a part for `held` stands `// where held`.

    The part is the next line, with what is indented deeper and what closes its brackets.
    """
    return PART.sub(lambda part: where(part["text"], cases) if part["case"] in cases else "", text)


def extern(options: Options) -> dict[str, Any]:
    """The syntax tree of `option name = value` for each option, as `extern` of POST /api/v2/query."""
    return {
        "type": "File",
        "imports": [],
        "body": [_option(name, _expression(value)) for name, value in options.items()],
    }


def _option(name: str, init: dict[str, Any]) -> dict[str, Any]:
    assignment = {"type": "VariableAssignment", "id": _identifier(name), "init": init}
    return {"type": "OptionStatement", "assignment": assignment}


def _identifier(name: str) -> dict[str, Any]:
    return {"type": "Identifier", "name": name}


def _expression(value: Value) -> dict[str, Any]:
    match value:
        case bool():
            return {"type": "BooleanLiteral", "value": value}
        case int():
            return {"type": "IntegerLiteral", "value": str(value)}
        case float():
            return {"type": "FloatLiteral", "value": value}
        case str():
            return {"type": "StringLiteral", "value": value}
        case datetime():
            return {"type": "DateTimeLiteral", "value": _rfc3339(value)}
        case timedelta():
            return {"type": "DurationLiteral", "values": [{"magnitude": _microseconds(value), "unit": "us"}]}
        case Mapping():
            properties = [
                {"type": "Property", "key": _identifier(key), "value": _expression(member)}
                for key, member in value.items()
            ]
            return {"type": "ObjectExpression", "properties": properties}
        case _:
            return {"type": "ArrayExpression", "elements": [_expression(member) for member in value]}


def with_params(text: str, params: Options) -> str:
    """A file's text with its record `params` joined in behind the imports, where Flux wants options.

    Under another name at first: a template takes an option named params for its own and loses the lists in it.
    """
    lines = text.splitlines(keepends=True)
    imports = [number for number, line in enumerate(lines) if line.startswith("import ")]
    after = imports[-1] + 1 if imports else _end_of_header(lines)
    joined = f"\noption given = {literal(params)}\n\nparams = given\n"
    return "".join([*lines[:after], joined, *lines[after:]])


def _end_of_header(lines: list[str]) -> int:
    return next((number for number, line in enumerate(lines) if not line.startswith("//")), len(lines))


def literal(value: Value) -> str:
    """A value as Flux source."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            digits = format(Decimal(repr(value)), "f")  # Flux knows no exponent
            return digits if "." in digits else f"{digits}.0"
        case str():
            return re.sub(r"\$\{", r"\\${", json.dumps(value, ensure_ascii=False))
        case datetime():
            return _rfc3339(value)
        case timedelta():
            return f"{_microseconds(value)}us"
        case Mapping():
            return "{" + ", ".join(f"{key}: {literal(member)}" for key, member in value.items()) + "}"
        case _:
            return "[" + ", ".join(literal(member) for member in value) + "]"


def _rfc3339(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _microseconds(value: timedelta) -> int:
    return value // timedelta(microseconds=1)
