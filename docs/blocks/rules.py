"""The alert rules: the default file, and the keys of each kind of rule."""

from collections.abc import Iterator

import msgspec
from msgspec import inspect

from docs.markdown import code, fenced, table
from influx import rules


def default_rules() -> str:
    """The file that a home gets at the first start."""
    return fenced(rules.DEFAULT.read_text(), "toml")


def key_table() -> str:
    """A row a key that rules of every kind have."""
    return table(HEAD, _rows(rules.Rule, {}))


HEAD = ("key", "default", "accepted")


def kind_sections() -> str:
    """What each kind of rule asks, and its own keys."""
    common = {field.name for field in msgspec.structs.fields(rules.Rule)}
    return "\n\n".join(
        f"**{name}**: {(kind.__doc__ or '').strip()}\n\n{table(HEAD, _rows(kind, common))}"
        for name, kind in rules.KINDS.items()
    )


def _rows(kind: type[rules.Rule], left_out: set[str] | dict[str, str]) -> Iterator[list[str]]:
    for field in msgspec.structs.fields(kind):
        if field.name not in left_out:
            yield [code(field.encode_name), _default(field), _accepted(field)]


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "required"
    return code(str(field.default)) if field.default not in (None, msgspec.NODEFAULT) else ""


def _accepted(field: msgspec.structs.FieldInfo) -> str:
    info = inspect.type_info(field.type)
    return str((info.extra_json_schema or {}).get("description", "")) if isinstance(info, inspect.Metadata) else ""
