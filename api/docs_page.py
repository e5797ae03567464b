"""/docs: the OpenAPI document as one page of HTML, with nothing from elsewhere and no script."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import msgspec

from api.problems import KINDS, Problem

OF_PROBLEMS = (
    'Every error is a problem document (<a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>) with the '
    "members type, title, status, detail and instance; its type leads here."
)
STYLE = Path(__file__).with_name("docs_page.css")


def page(document: dict[str, Any]) -> bytes:
    """The page."""
    title = f"{document['info']['title']} {document['info']['version']}: the API"
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{STYLE.read_text()}</style></head><body>",
        f"<header><h1>{escape(title)}</h1><p>{escape(document['info']['description'])} ",
        'As a file: <a href="openapi.json">openapi.json</a>. Back to <a href=".">the market</a>.</p></header>',
        "<nav><ul>",
        *(f'<li><a href="#{_anchor(path)}">{escape(path)}</a></li>' for path in document["paths"]),
        '<li><a href="#problems">Errors</a></li></ul></nav><main>',
        *(_operation(path, methods["get"], document) for path, methods in document["paths"].items()),
        _problems(),
        "</main></body></html>",
    ]
    return "\n".join(parts).encode()


def _anchor(path: str) -> str:
    return "get-" + "-".join(part.strip("{}") for part in path.split("/") if part)


def _operation(path: str, operation: dict[str, Any], document: dict[str, Any]) -> str:
    answer = operation["responses"]["200"]["content"]["application/json"]
    schemas = document["components"]["schemas"]
    shown = msgspec.json.format(msgspec.json.encode(answer["example"]), indent=2).decode()
    there = _example_address(path, operation)
    return "\n".join(
        [
            f'<section id="{_anchor(path)}"><h2><code>GET {escape(path)}</code></h2>',
            f"<p>{escape(operation['summary'])}.</p>",
            f'<p>Try it: <a href="{escape(there)}"><code>{escape(there)}</code></a></p>',
            _table(("parameter", "accepted", "meaning"), (_parameter(one) for one in operation["parameters"])),
            "<details><summary>Members of the answer</summary>",
            _table(("member", "kind", "meaning"), _members(answer["schema"], schemas)),
            "</details>",
            f"<details><summary>Example</summary><pre>{escape(shown)}</pre></details>",
            f"<p>Errors: {', '.join(_errors(operation))}</p></section>",
        ]
    )


def _example_address(path: str, operation: dict[str, Any]) -> str:
    """The path with the examples of what must be given."""
    query = []
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", str(parameter["example"]))
        elif parameter["required"]:
            query.append(f"{parameter['name']}={parameter['example']}")
    return path.lstrip("/") + ("?" + "&".join(query) if query else "")


def _errors(operation: dict[str, Any]) -> Iterator[str]:
    for kind in KINDS:
        status = str(int(kind.status))
        if status in operation["responses"]:
            yield f'<a href="#problem-{kind.kind}">{status} {escape(kind.title)}</a>'


def _parameter(parameter: dict[str, Any]) -> Iterator[str]:
    yield f"<code>{escape(parameter['name'])}</code>" + (" (required)" if parameter["required"] else "")
    yield escape(_accepted(parameter["schema"]))
    yield escape(parameter["description"])


def _accepted(schema: dict[str, Any]) -> str:
    default = f"; {schema['default']} unless told" if "default" in schema else ""
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"])) + default
    if "minimum" in schema:
        return f"{schema['minimum']} to {schema['maximum']}{default}"
    if "maxLength" in schema:
        return f"up to {schema['maxLength']} characters{default}"
    return default.removeprefix("; ")


def _members(schema: dict[str, Any], schemas: dict[str, Any], within: str = "") -> Iterator[Iterator[str]]:
    schema = _resolved(schema.get("items") or schema, schemas)
    for name, member in schema.get("properties", {}).items():
        inner = member.get("items") or member
        yield iter([f"<code>{escape(within + name)}</code>", _kind(member), escape(member.get("description", ""))])
        yield from _members(inner, schemas, f"{within}{name}{'[]' if 'items' in member else ''}.")


def _resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    for kind in [schema, *schema.get("anyOf", [])]:
        if "$ref" in kind:
            found: dict[str, Any] = schemas[kind["$ref"].rpartition("/")[2]]
            return found
    return schema


def _kind(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(map(_kind, schema["anyOf"]))
    if "$ref" in schema:
        return "object"
    if "enum" in schema:
        return escape(", ".join(map(str, schema["enum"])))
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}" if schema.get("items") else "list"
    return escape(str(schema.get("format", schema.get("type", ""))))


def _problems() -> str:
    parts = ['<section id="problems"><h2>Errors</h2>', f"<p>{OF_PROBLEMS}</p>"]
    for kind in KINDS:
        meaning = kind.__doc__ if kind is not Problem else "The fault is ours; its reason stands in the log of the API."
        parts.append(
            f'<h3 id="problem-{kind.kind}">{int(kind.status)} {escape(kind.title)}</h3><p>{escape(meaning or "")}</p>'
        )
    return "\n".join([*parts, "</section>"])


def _table(head: tuple[str, ...], rows: Iterator[Iterator[str]]) -> str:
    titles = "".join(f"<th scope='col'>{title}</th>" for title in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"
