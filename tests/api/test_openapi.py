"""/openapi.json and /docs: made from the route table, complete, with examples that fit."""

import re
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from jsonschema_rs import Draft202012Validator

from api import coingecko, openapi
from api.app import ENDPOINTS
from api.problems import KINDS
from influx.settings import Settings

TABLE = (*ENDPOINTS, *coingecko.ENDPOINTS)
DOCUMENT = openapi.document(TABLE, Settings(), "1.2.3")
OPERATIONS = {path: methods["get"] for path, methods in DOCUMENT["paths"].items()}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with the components that it refers to."""
    return {**schema, "components": DOCUMENT["components"]}


def test_the_document_is_served_with_the_version(client: httpx.Client) -> None:
    served = client.get("/openapi.json").json()
    assert served["openapi"] == "3.1.0"
    assert re.fullmatch(r"\d+\.\d+\.\d+", served["info"]["version"])
    assert set(served["paths"]) == {endpoint.path for endpoint in TABLE}


@pytest.mark.parametrize("path", OPERATIONS)
def test_every_operation_is_described_with_all_its_parameters(path: str) -> None:
    operation = OPERATIONS[path]
    (endpoint,) = [one for one in TABLE if one.path == path]
    fields = set(endpoint.asked.__struct_encode_fields__)
    assert {one["name"] for one in operation["parameters"]} - {"format"} == fields
    assert all(one["description"] for one in operation["parameters"])
    assert operation["summary"]
    assert {one["name"] for one in operation["parameters"] if one["in"] == "path"} == set(re.findall(r"{(\w+)}", path))


@pytest.mark.parametrize("path", OPERATIONS)
def test_the_example_of_every_answer_fits_its_schema(path: str) -> None:
    answer = OPERATIONS[path]["responses"]["200"]["content"]["application/json"]
    Draft202012Validator(resolved(answer["schema"])).validate(answer["example"])
    assert answer["example"] not in ({}, [], None)


@pytest.mark.parametrize("path", OPERATIONS)
def test_the_example_of_every_parameter_fits_its_schema(path: str) -> None:
    for parameter in OPERATIONS[path]["parameters"]:
        if "example" in parameter:
            Draft202012Validator(parameter["schema"]).validate(parameter["example"])


@pytest.mark.parametrize("path", OPERATIONS)
def test_every_operation_names_its_errors_as_problem_documents(path: str) -> None:
    responses = OPERATIONS[path]["responses"]
    assert {"200", "400", "503"} <= set(responses)
    for status, response in responses.items():
        if status >= "400":
            schema = response["content"]["application/problem+json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/ProblemDocument"}, status


def test_keys_and_limits_are_described_where_they_are_set() -> None:
    guarded = openapi.document(TABLE, Settings(api_keys="keys", api_rate=10), "1.2.3")
    responses = guarded["paths"]["/metrics"]["get"]["responses"]
    assert {"401", "429"} <= set(responses)
    assert set(guarded["components"]["securitySchemes"]) == {"key", "bearer"}
    assert not {"401", "429"} & set(OPERATIONS["/metrics"]["responses"])


def test_every_reference_leads_somewhere() -> None:
    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            found = {node["$ref"]} if "$ref" in node else set()
            return found.union(*map(references, node.values()))
        return set().union(*map(references, node)) if isinstance(node, list) else set()

    for reference in references(DOCUMENT):
        _, components, kind, name = reference.split("/")
        assert name in DOCUMENT[components][kind]


class Page(HTMLParser):
    """The ids, the links within the page, and what is fetched from elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.ids |= {value for name, value in attrs if name == "id" and value}
        if tag == "a":
            self.links.append(attributes.get("href") or "")
        self.fetched += [attributes[name] or "" for name in ("src", "srcset") if name in attributes]
        self.fetched += [tag for _ in range(tag in ("script", "link", "iframe"))]


def test_the_page_shows_every_operation_and_every_error_and_fetches_nothing(client: httpx.Client) -> None:
    answer = client.get("/docs")
    page = Page(answer.text)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert {link[1:] for link in page.links if link.startswith("#")} <= page.ids
    assert {f"problem-{kind.kind}" for kind in KINDS} <= page.ids
    assert all(f"GET {endpoint.path}" in answer.text for endpoint in TABLE)
    assert page.fetched == []


def test_the_page_leads_to_answers(client: httpx.Client) -> None:
    tries = [link for link in Page(client.get("/docs").text).links if not link.startswith(("#", "http", "."))]
    assert len(tries) > len(TABLE)
    for address in tries:
        assert client.get(f"/{address}").status_code in (200, 404), address
