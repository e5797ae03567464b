"""An answer as CSV: its list with a row each, or the answer itself as the only row; cells as in JSON.

https://www.rfc-editor.org/rfc/rfc4180
"""

import csv
import io
from typing import Any, get_args, get_type_hints

import msgspec
from msgspec import Struct


def encode(answer: Struct) -> bytes:
    """The CSV of an answer, header first."""
    field, kind = rows_of(type(answer))
    rows: Any = getattr(answer, field) if field else [answer]
    if isinstance(rows, msgspec.Raw):  # a list that is JSON already
        rows = msgspec.json.decode(rows, type=list[kind])  # type: ignore[valid-type] # the row's type is a value here
    columns = [name for name in kind.__struct_encode_fields__ if not _is_nested(kind, name)]
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(columns)
    for row in msgspec.to_builtins(rows, builtin_types=(float,)):
        table.writerow([_cell(row[name]) for name in columns])
    return text.getvalue().encode()


def rows_of(kind: type[Struct]) -> tuple[str, type[Struct]]:
    """The name of the answer's list and the type of its rows; no name and the answer's own type where it has none."""
    for name, hint in get_type_hints(kind).items():
        of = get_args(hint)
        if len(of) == 1 and isinstance(of[0], type) and issubclass(of[0], Struct):
            return name, of[0]
    return "", kind


def _is_nested(kind: type[Struct], name: str) -> bool:
    hint = get_type_hints(kind)[kind.__struct_fields__[kind.__struct_encode_fields__.index(name)]]
    return any(isinstance(part, type) and issubclass(part, Struct) for part in (hint, *get_args(hint)))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(map(_cell, value))
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
