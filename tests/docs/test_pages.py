"""What the code knows stands in the docs, and `python -m docs --check` says where it does not."""

import re
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct
from starlette.routing import Mount, Route, Router

from api import coingecko
from api.app import ENDPOINTS, application
from api.front import Front
from api.service import Service
from collector.exchanges import native
from docs import pages
from docs.__main__ import main
from docs.marked import MarkerError, blocks
from influx import rules, schema
from influx.jobs import jobs
from influx.settings import Settings, variables

README = pages.ROOT / "README.md"


def page(name: str) -> str:
    return (pages.ROOT / "docs" / f"{name}.md").read_text()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout that holds one small page of each kind, current."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text("<!-- made by make docs: targets -->\n<!-- end -->\n")
    (tmp_path / "docs" / "some.md").write_text("<!-- made by make docs: buckets -->\n<!-- end -->\n")
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    monkeypatch.setattr("docs.__main__.ROOT", tmp_path)
    assert main([]) == 0
    return tmp_path


def test_every_generated_part_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_every_block_stands_on_exactly_one_page() -> None:
    standing = [
        block.name for path in pages.pages() for block in blocks(path.read_text()) if block.command == pages.COMMAND
    ]
    assert sorted(standing) == sorted(pages.BLOCKS)


def test_every_setting_stands_in_the_readme_and_in_the_example_file() -> None:
    example = (pages.ROOT / ".env.example").read_text()
    for variable in variables():
        assert f"| `{variable.name}` |" in README.read_text()
        assert f"#{variable.name.replace('<EXCHANGE>', 'KRAKEN')}=" in example


def test_every_path_of_the_route_table_stands_in_the_docs_with_its_parameters_and_members() -> None:
    text = page("api")
    for endpoint in (*ENDPOINTS, *coingecko.ENDPOINTS):
        section = text.partition(f"### GET {endpoint.path}\n")[2].partition("\n### ")[0]
        assert section, endpoint.path
        for kind in (endpoint.asked, endpoint.answered):
            for field in msgspec.structs.fields(kind) if isinstance(kind, type) and issubclass(kind, Struct) else ():
                assert f"| `{field.encode_name}` |" in section, endpoint.path


def test_every_other_path_that_the_api_serves_stands_in_the_docs(tmp_path: Path) -> None:
    served = application(Service(Settings(home=tmp_path)))
    assert isinstance(served, Front)
    assert isinstance(served.app, Router)
    paths = {route.path for route in served.app.routes if isinstance(route, Route | Mount)}
    asked = {endpoint.path for endpoint in (*ENDPOINTS, *coingecko.ENDPOINTS)}
    for path in paths:
        plain = path.replace(":text", "")
        assert plain in asked or re.search(rf"`(GET|POST) {re.escape(plain)}(/…)?`", page("api")), path


def test_everything_that_a_home_holds_stands_in_the_docs() -> None:
    code = [path.read_text() for name in ("api", "collector", "influx") for path in (pages.ROOT / name).rglob("*.py")]
    kept = {name for text in code for name in re.findall(r'settings\.home / "([a-z.-]+)"', text)}
    assert {"logs", "spool", "tokens"} <= kept
    for name in kept:
        assert f"`{name}" in page("operations"), name


def test_every_key_of_an_alert_rule_stands_in_the_docs() -> None:
    for kind in rules.KINDS.values():
        for field in msgspec.structs.fields(kind):
            assert f"| `{field.encode_name}` |" in page("alerts")
    assert rules.DEFAULT.read_text() in page("alerts")


@pytest.mark.parametrize("name", native())
def test_every_exchange_stands_in_the_docs(name: str) -> None:
    section = page("exchanges").partition(f"### {name}\n")[2].partition("\n### ")[0]
    assert native()[name].base_url in section
    assert native()[name].docs in section


def test_every_bucket_and_measurement_and_job_stands_in_the_docs(tmp_path: Path) -> None:
    text = page("database")
    for bucket in schema.BUCKETS:
        assert f"| `{bucket.name}` |" in text
    for measurement in schema.MEASUREMENTS:
        assert f"| `{measurement.bucket.name}` | `{measurement.name}` |" in text
    for job in jobs(Settings(home=tmp_path)):
        assert f"| `{job.name}` | [{job.file}.flux](../influx/{job.file}.flux) |" in text


def test_a_page_that_is_old_is_named_with_the_way_to_mend_it(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = checkout / "docs" / "some.md"
    current = path.read_text()
    path.write_text(current.replace("7 d", "8 d"))
    capsys.readouterr()
    assert main(["--check"]) == 1
    assert capsys.readouterr().err == "docs/some.md is old; mend it with: make docs\n"
    assert main([]) == 0
    assert path.read_text() == current


def test_checking_writes_nothing(checkout: Path) -> None:
    (checkout / ".env.example").unlink()
    assert main(["--check"]) == 1
    assert not (checkout / ".env.example").exists()


def test_an_unknown_block_is_named_with_its_page(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (checkout / "README.md").write_text("<!-- made by make docs: setings -->\n<!-- end -->\n")
    assert main(["--check"]) == 1
    assert capsys.readouterr().err.startswith("README.md: make docs makes no block 'setings'; it makes settings, ")


def test_a_block_that_there_is_not_is_refused() -> None:
    with pytest.raises(MarkerError, match="makes no block 'nothing'"):
        pages.block("nothing")
