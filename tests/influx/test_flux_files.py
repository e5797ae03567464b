"""Every .flux file: analysed by the real influxd, in its formatter's form, with a header that says all."""

from pathlib import Path

import pytest
from msgspec import Struct

from influx import schema
from influx.client import Database
from tests.influx.formatter import ROOT, flux_files, formatted

FILES = flux_files()
NAMES = [str(path.relative_to(ROOT)) for path in FILES]


class Fault(Struct):
    line: int
    column: int
    message: str


class Analysis(Struct):
    errors: list[Fault]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_the_server_finds_no_fault(operator: Database, path: Path) -> None:
    body = {"query": path.read_text(), "type": "flux"}
    assert operator.request("POST", "query/analyze", Analysis, body).errors == []


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_the_file_is_formatted_as_the_server_formats(operator: Database, path: Path) -> None:
    text = path.read_text()
    assert text == formatted(operator, text)


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_the_header_says_what_the_file_is_for_and_what_it_reads(path: Path) -> None:
    lines = path.read_text().splitlines()
    header = lines[: next(number for number, line in enumerate(lines) if not line.startswith("//"))]
    assert header[0].startswith(f"// {path.stem}: ")
    words = {line.removeprefix("// ").split(" ")[0] for line in header}
    wanted = {"Runs", "Reads", "Cost"} | ({"Writes", "Mends"} if path.parent.name in ("tasks", "checks") else set())
    assert wanted <= words


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_every_bucket_that_is_named_is_one_of_the_schema(path: Path) -> None:
    known = {bucket.name for bucket in schema.BUCKETS} | {schema.MONITORING, "_tasks"}
    named = [part.split('"')[0] for part in path.read_text().split('bucket: "')[1:]]
    assert set(named) <= known
