"""The route table: every path with its parameters, the members of its answer, and the errors that all have."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct, inspect

from api import problems, stream
from api.endpoint import Endpoint
from api.parameters import accepted
from docs.markdown import code, table

MEMBERS = ("member", "kind", "meaning")


def route_table(endpoints: Sequence[Endpoint]) -> str:
    """A row a path."""
    rows = ([f"[`GET {endpoint.path}`](#{anchor(endpoint.path)})", _purpose(endpoint)] for endpoint in endpoints)
    return table(("path", "what it does"), rows)


def anchor(path: str) -> str:
    """The heading's anchor as GitHub makes it: letters, digits and dashes stay."""
    return "get-" + "".join(letter for letter in path.lower() if letter.isalnum() or letter in "-_")


def route_sections(endpoints: Sequence[Endpoint]) -> str:
    """A section a path: its parameters and the members of its answer."""
    return "\n\n".join(_section(endpoint) for endpoint in endpoints)


def _purpose(endpoint: Endpoint) -> str:
    return (endpoint.answer.__doc__ or "").strip().partition("\n")[0]


def _section(endpoint: Endpoint) -> str:
    return "\n\n".join([f"### GET {endpoint.path}", _purpose(endpoint), *_tables(endpoint.asked, endpoint.answered)])


def stream_tables() -> str:
    """The parameters of /stream and the members of an event."""
    return "\n\n".join(_tables(stream.Asked, stream.BoardEvent))


def _tables(asked: type[Struct], answered: Any) -> Iterator[str]:
    fields = sorted(msgspec.structs.fields(asked), key=lambda field: not field.required)
    if fields:
        yield table(("parameter", "default", "accepted", "meaning"), map(_parameter, fields))
    if isinstance(_plain(answered), inspect.StructType):
        yield table(MEMBERS, _members(answered))
    else:
        yield f"Answered: {_kind(answered)}."
        rows = [row for kind in _structs(answered) for row in _members(kind)]
        if rows:
            yield table(MEMBERS, rows)


def _parameter(field: msgspec.structs.FieldInfo) -> list[str]:
    default = "required" if field.required else code(_written(field.default))
    meaning, words = _meaning(field.type), accepted(field.type)
    return [code(field.encode_name), default, words.removeprefix(meaning).lstrip(", "), meaning]


def _written(default: object) -> str:
    return str(default).lower() if isinstance(default, bool) else str(default or "")


def _members(kind: type[Struct], within: str = "") -> Iterator[list[str]]:
    for field in msgspec.structs.fields(kind):
        name = f"{within}{field.encode_name}"
        nested = list(_structs(field.type))
        yield [code(name), _kind(field.type), _meaning(field.type) or _meaning_of(nested)]
        for inner in nested:
            yield from _members(inner, f"{name}{'[]' if _is_list(field.type) else ''}.")


def _plain(kind: Any) -> inspect.Type:
    info = inspect.type_info(kind)
    while isinstance(info, inspect.Metadata):
        info = info.type
    return info


def _is_list(kind: Any) -> bool:
    return isinstance(_plain(kind), inspect.ListType | inspect.VarTupleType)


def _structs(kind: Any) -> Iterator[type[Struct]]:
    info = _plain(kind)
    items = [info.item_type] if isinstance(info, inspect.ListType | inspect.VarTupleType) else [info]
    for item in items:
        for one in item.types if isinstance(item, inspect.UnionType) else (item,):
            if isinstance(one, inspect.StructType):
                yield one.cls


def _meaning_of(nested: list[type[Struct]]) -> str:
    return " ".join((kind.__doc__ or "").strip().partition("\n")[0] for kind in nested)


def _meaning(kind: Any) -> str:
    return _described(inspect.type_info(kind))


def _described(info: inspect.Type) -> str:
    match info:
        case inspect.Metadata(type=of, extra_json_schema=schema):
            return str((schema or {}).get("description") or "") or _described(of)
        case inspect.UnionType(types=types):
            return next(filter(None, map(_described, types)), "")
    return ""


def _kind(kind: Any) -> str:
    return _word(_plain(kind))


def _word(info: inspect.Type) -> str:
    match info:
        case inspect.Metadata(type=of):
            return _word(of)
        case inspect.UnionType(types=types):
            return " or ".join(map(_word, types))
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
            return f"list: {_word(item)}"
        case inspect.TupleType(item_types=items):
            return " and ".join(map(_word, items))
        case inspect.DictType(value_type=value):
            return f"object: {_word(value)} by name"
        case inspect.LiteralType(values=values):
            return ", ".join(map(str, values))
    return WORDS[type(info)]


WORDS: dict[type[inspect.Type], str] = {
    inspect.StrType: "text",
    inspect.IntType: "whole number",
    inspect.FloatType: "number",
    inspect.BoolType: "true, false",
    inspect.NoneType: "null",
    inspect.DateTimeType: "RFC 3339",
    inspect.StructType: "object",
}


def error_table() -> str:
    """A row a kind of error."""
    rows = [[str(int(kind.status)), kind.kind, _what_to_do(kind)] for kind in problems.KINDS]
    return table(("status", "kind", "meaning"), sorted(rows))


def _what_to_do(kind: type[problems.Problem]) -> str:
    if kind is problems.Problem:
        return kind.title  # its docstring is about the class
    return (kind.__doc__ or "").strip().partition("\n")[0]


def error_members() -> str:
    """A row a member of an error's body."""
    return table(MEMBERS, _members(problems.ProblemDocument))
