"""/openapi.json: the OpenAPI 3.1 document, made from the route table and the types that stand in it.

https://spec.openapis.org/oas/v3.1.0
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from api.endpoint import NOTHING_KEPT, Endpoint
from api.paging import Pages
from api.parameters import FORMAT
from api.problems import MEDIA_TYPE, Away, Contradiction, Malformed, NoKey, Problem, ProblemDocument, TooMany, Unknown
from influx.settings import Settings

REFERENCE = "#/components/schemas/{name}"
DESCRIPTION = (
    "Every coin's price and volume, every minute, with ranks, charts, candles and alerts. Beside these paths: /stream "
    "(an event for each new board, server-sent), /telemetry (for Prometheus)."
)
ERRORS: tuple[type[Problem], ...] = (Malformed, NoKey, Unknown, Contradiction, TooMany, Away)
FORMAT_PARAMETER = {
    "name": FORMAT,
    "in": "query",
    "required": False,
    "description": "json or csv, instead of an Accept header",
    "schema": {"enum": ["json", "csv"], "default": "json"},
}
HEADERS = {
    "X-Request-ID": ("the request's id, the client's own where it sent one", "f3a91c0b7d2e-1"),
    "Cache-Control": ("for how long the answer holds", "public, max-age=41"),
    "ETag": ("the answer's tag, for If-None-Match", '"0f6c2d"'),
    "Link": ("first, prev, next and last page (RFC 8288)", '<?page=2>; rel="next"'),
    "Warning": ("on a stale answer: how old its board is, and why", '110 coinwatch "the board is 4 min old"'),
    "Retry-After": ("after how many seconds to ask again", "5"),
    "RateLimit-Limit": ("requests a minute", "600"),
    "RateLimit-Remaining": ("of them left", "598"),
    "RateLimit-Reset": ("seconds until they are full again", "17"),
}


def document(endpoints: Sequence[Endpoint], settings: Settings, version: str) -> dict[str, Any]:
    """The document of these endpoints; keys and limits are in it where the settings want them."""
    kinds = [ProblemDocument, *(endpoint.answered for endpoint in endpoints)]
    refs, schemas = msgspec.json.schema_components(kinds, ref_template=REFERENCE)
    problem, *answers = refs
    errors = [kind for kind in ERRORS if _applies(kind, settings)]
    paths: dict[str, Any] = {
        endpoint.path: {"get": _operation(endpoint, answer, problem, errors, schemas)}
        for endpoint, answer in zip(endpoints, answers, strict=True)
    }
    components: dict[str, Any] = {"schemas": schemas, "headers": dict(_headers())}
    found: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "coinwatch", "version": version, "description": DESCRIPTION, "license": {"name": "MIT"}},
        "paths": paths,
        "components": components,
    }
    if settings.api_keys:
        components["securitySchemes"] = {
            "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
            "bearer": {"type": "http", "scheme": "bearer"},
        }
        found["security"] = [{"key": []}, {"bearer": []}]
    return found


def _applies(kind: type[Problem], settings: Settings) -> bool:
    return (kind is not NoKey or bool(settings.api_keys)) and (kind is not TooMany or settings.api_rate > 0)


def _operation(
    endpoint: Endpoint, answer: dict[str, Any], problem: dict[str, Any], errors: Sequence[type[Problem]], schemas: Any
) -> dict[str, Any]:
    summary = (endpoint.answer.__doc__ or "").strip()
    named = ["X-Request-ID", "Cache-Control", "ETag", "Warning"]
    if issubclass(endpoint.asked, Pages):
        named.append("Link")
    content = {
        "application/json": {"schema": answer, "example": example(answer, schemas)},
    }
    if endpoint.has_csv:
        content["text/csv"] = {"schema": {"type": "string"}}
    responses: dict[str, Any] = {"200": {"description": "OK", "headers": _named(named), "content": content}}
    if endpoint.kept_s != NOTHING_KEPT:
        responses["304"] = {"description": "the client's tag is still good", "headers": _named(["ETag"])}
    for kind in errors:
        responses[str(int(kind.status))] = _error(kind, problem)
    return {
        "operationId": re.sub(r"\W+", "_", f"get{endpoint.path}").strip("_"),
        "summary": summary.rstrip("."),
        "parameters": [*_parameters(endpoint), *([FORMAT_PARAMETER] if endpoint.has_csv else [])],
        "responses": responses,
    }


def _parameters(endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    for field in sorted(msgspec.structs.fields(endpoint.asked), key=lambda field: not field.required):
        in_path = "{" + field.encode_name + "}" in endpoint.path
        schema = _plain(msgspec.json.schema(field.type))
        parameter: dict[str, Any] = {
            "name": field.encode_name,
            "in": "path" if in_path else "query",
            "required": field.required,
            "description": schema.pop("description", ""),
        }
        examples = schema.pop("examples", [])
        if not field.required and field.default not in (None, ""):
            schema["default"] = field.default
        yield parameter | {"schema": schema} | ({"example": examples[0]} if examples else {})


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema without null, which a query string can't hold."""
    if "anyOf" in schema:
        kinds = [kind for kind in schema.pop("anyOf") if kind != {"type": "null"}]
        return {**kinds[0], **schema}
    if None in schema.get("enum", ()):
        schema["enum"] = [value for value in schema["enum"] if value is not None]
    return schema


def _error(kind: type[Problem], problem: dict[str, Any]) -> dict[str, Any]:
    described = (kind.__doc__ or "").strip()
    named = ["X-Request-ID", *(["Retry-After"] if kind in (TooMany, Away) else [])]
    return {"description": described, "headers": _named(named), "content": {MEDIA_TYPE: {"schema": problem}}}


def _named(names: Sequence[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _headers() -> Iterator[tuple[str, Any]]:
    for name, (meaning, shown) in HEADERS.items():
        yield name, {"description": meaning, "schema": {"type": "string"}, "example": shown}


def example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """A value that fits a schema, put together from the examples of its members."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return example(schema["anyOf"][0], schemas)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            members = schema.get("properties", {}) or {"btc": schema.get("additionalProperties", {})}
            return {name: example(member, schemas) for name, member in members.items()}
        case "array":
            return [example(schema.get("items") or {}, schemas)]
        case "boolean":
            return False
    return {"string": "", "integer": 0, "number": 0.0}.get(schema.get("type", ""))


def encode(found: dict[str, Any]) -> bytes:
    """The document as JSON."""
    return msgspec.json.encode(found)
