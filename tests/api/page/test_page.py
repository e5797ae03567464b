"""The web page's files: whole, self-contained, safe with text from outside, and asking only what the API offers."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from api.app import PAGE, application
from api.service import Service
from influx.settings import Settings
from tests.api.served import served

INDEX = (PAGE / "index.html").read_text()
SCRIPTS = {path.name: path.read_text() for path in sorted(PAGE.glob("*.js"))}
IMPORT = re.compile(r'import \{([^}]+)\} from "\./([\w.]+)";')
# The name of an XML namespace is an identifier: nothing is fetched from it.
NAMESPACE = "http://www.w3.org/2000/svg"


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def values(self, attribute: str) -> list[str]:
        return [attributes[attribute] for _, attributes in self.found if attribute in attributes]


PAGE_ELEMENTS = Elements(INDEX)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The application without a database: the page must be served all the same."""
    with served(application(Service(Settings(home=tmp_path_factory.mktemp("home"))))) as client:
        yield client


def exported(script: str) -> set[str]:
    return set(re.findall(r"^export (?:async )?(?:function|class|const) (\w+)", SCRIPTS[script], re.MULTILINE))


def test_the_page_is_served_at_the_root_as_html(client: httpx.Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
    assert response.text == INDEX


@pytest.mark.parametrize("name", sorted(path.name for path in PAGE.iterdir()))
def test_each_file_of_the_page_is_served_as_what_it_is(client: httpx.Client, name: str) -> None:
    kinds = {".js": "javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html"}
    response = client.get(f"/page/{name}")
    assert response.status_code == 200
    # A browser runs no module that comes as anything but JavaScript.
    assert kinds[Path(name).suffix] in response.headers["content-type"]


def test_every_asset_that_the_page_names_exists_and_none_is_left_over() -> None:
    named = {value.removeprefix("page/") for name in ("src", "href") for value in PAGE_ELEMENTS.values(name)}
    reached = {name for name in named if (PAGE / name).is_file()}
    assert {name for name in named if "." in name} == reached
    waiting = [name for name in reached if name.endswith(".js")]
    while waiting:
        for _, target in IMPORT.findall(SCRIPTS[waiting.pop()]):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    assert reached | {"index.html"} == {path.name for path in PAGE.iterdir()}


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_a_script_imports_is_exported_where_it_says(script: str) -> None:
    for names, target in IMPORT.findall(SCRIPTS[script]):
        assert {name.strip() for name in names.split(",")} <= exported(target), target


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_a_script_exports_is_used_elsewhere(script: str) -> None:
    imported = {
        name.strip()
        for text in SCRIPTS.values()
        for names, target in IMPORT.findall(text)
        for name in names.split(",")
        if target == script
    }
    assert exported(script) == imported


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_begins_by_saying_what_it_is_for(script: str) -> None:
    assert re.match(r"// [A-Z].{20,}\n", SCRIPTS[script])


@pytest.mark.parametrize("path", sorted(PAGE.iterdir()), ids=lambda path: path.name)
def test_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    text = path.read_text().replace(NAMESPACE, "")
    assert not re.search(r"https?:|//\w[\w-]*\.\w|url\(|@import", text)


@pytest.mark.parametrize("script", SCRIPTS)
def test_text_from_outside_never_becomes_markup_or_code(script: str) -> None:
    ways = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|srcdoc|javascript:"
    assert not re.search(ways, SCRIPTS[script])


def test_the_browser_is_told_to_run_and_fetch_only_what_is_ours() -> None:
    (policy,) = [
        attributes["content"]
        for _, attributes in PAGE_ELEMENTS.found
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert {rules[f"{kind}-src"] for kind in ("script", "style", "connect", "img")} == {"'self'"}
    inline = [tag for tag, attributes in PAGE_ELEMENTS.found if "style" in attributes or "onclick" in attributes]
    assert inline == []


def test_every_element_that_a_script_asks_for_is_on_the_page() -> None:
    ids = set(PAGE_ELEMENTS.values("id"))
    for script, text in SCRIPTS.items():
        asked = set(re.findall(r'(?:byId|say)\("([\w-]+)"', text))
        assert asked <= ids, script
    assert len(ids) == len(PAGE_ELEMENTS.values("id")), "an id stands twice"


def test_every_address_that_the_page_asks_or_links_to_is_one_of_the_apis(client: httpx.Client) -> None:
    asked = {
        path
        for text in SCRIPTS.values()
        for path in re.findall(r'(?<!\.)\b(?:get|getAll|beside)\([`"](\w+)', text)  # without parameters
    }
    linked = {href for href in PAGE_ELEMENTS.values("href") if re.fullmatch(r"\w+", href)}
    assert asked == {"metrics", "alerts", "exchanges", "readyz"}
    missing = {path for path in asked | linked if client.get(f"/{path}").status_code == 404}
    assert missing == set()


def test_every_control_has_a_name_that_a_screen_reader_can_say() -> None:
    unnamed = [
        attributes
        for tag, attributes in PAGE_ELEMENTS.found
        if tag in ("input", "select") and f"{attributes.get('id') or attributes.get('value')}" not in labelled()
    ]
    assert unnamed == []


def labelled() -> set[str]:
    """The ids or values of the controls that stand within a label."""
    within = re.findall(r"<label[^>]*>(.*?)</label>", INDEX, re.DOTALL)
    return {name for text in within for name in re.findall(r'(?:id|value)="(\w+)"', text)}
