"""Reads a request's parameters into the record that an endpoint asks for; what is wrong is said by name."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct

from api.problems import Malformed

MOST = 50
MOST_BYTES = 20_000
SHOWN = 100
FORMAT = "format"

Asked = TypeVar("Asked", bound=Struct)


def read(query: bytes, path: Mapping[str, str], kind: type[Asked]) -> tuple[Asked, str | None]:
    """The parameters as `kind`, and the form that `format=` asks for. Malformed: names what is wrong.

    The query string is read as UTF-8; each parameter may stand once.
    """
    if len(query) > MOST_BYTES:
        raise Malformed(f"the query string has {len(query)} bytes; accepted: up to {MOST_BYTES}")
    try:
        pairs = parse_qsl(query.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST)
    except ValueError:
        raise Malformed(f"the query string is no UTF-8, or holds more than {MOST} parameters") from None
    values: dict[str, str] = dict(path)
    for name, value in pairs:
        if name in values:
            raise Malformed(f"{shown(name)} is given twice; once is accepted")
        values[name] = value
    form = values.pop(FORMAT, None)
    if form is not None and form not in ("json", "csv"):
        raise Malformed(f"format is {shown(form)}; accepted: json, csv")
    known = _names(kind)
    for name in values:
        if name not in known:
            raise Malformed(f"{shown(name)} is no parameter here; accepted: {', '.join([*known, FORMAT])}")
    try:
        asked = msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Malformed(_in_words(str(error), values, kind)) from None
    for name in values:
        if getattr(asked, known[name].name) is None:  # what msgspec makes of the text null
            raise Malformed(_wrong(name, values, kind))
    return asked, form


def shown(text: str) -> str:
    """A user's text as an error shows it: quoted, and cut where it is long."""
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "…")


@cache
def _names(kind: type[Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(kind)}


def _in_words(error: str, values: Mapping[str, str], kind: type[Struct]) -> str:
    missing = re.fullmatch(r"Object missing required field `(\w+)`", error)
    if missing is not None:
        return f"{missing[1]} is missing; accepted: {accepted(_names(kind)[missing[1]].type)}"
    at = re.search(r" - at `\$\.(\w+)`$", error)
    if at is None:
        return error
    return _wrong(at[1], values, kind)


def _wrong(name: str, values: Mapping[str, str], kind: type[Struct]) -> str:
    return f"{name} is {shown(values.get(name, ''))}; accepted: {accepted(_names(kind)[name].type)}"


def accepted(kind: Any) -> str:
    """What a parameter's type accepts, in words."""
    return _accepted(msgspec.inspect.type_info(kind))


def _accepted(info: msgspec.inspect.Type) -> str:
    description = ""
    while isinstance(info, msgspec.inspect.Metadata):
        description = str((info.extra_json_schema or {}).get("description", description))
        info = info.type
    match info:
        case msgspec.inspect.UnionType(types=types):
            return " or ".join(_accepted(one) for one in types if not isinstance(one, msgspec.inspect.NoneType))
        case msgspec.inspect.LiteralType(values=values):
            return ", ".join(map(str, values))
        case msgspec.inspect.IntType():
            return f"a whole number from {info.ge} to {info.le}"
        case msgspec.inspect.BoolType():
            return "true, false"
        case msgspec.inspect.StrType(max_length=longest):
            return f"{description}, at most {longest} characters" if longest else description
    return description
