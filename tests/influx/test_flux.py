"""Values travel beside the text as a syntax tree, or are written behind a task's imports; both mean the same."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from influx import flux
from influx.client import Database

ECHO = 'import "array"\n\narray.from(rows: [{text: string(v: params.value)}])\n'


class Echo(Struct):
    text: str = ""


def sent(database: Database, value: flux.Value) -> str:
    return database.query(ECHO, Echo, {"params": {"value": value}})[0].text


def joined(database: Database, value: flux.Value) -> str:
    return database.query(flux.with_params(ECHO, {"value": value}), Echo)[0].text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (-3, "-3"),
        (1e-12, "0.000000000001"),
        (-2.5, "-2.5"),
        (1.2345678901234568e-5, "0.000012345678901234568"),
        (1.5e20, "150000000000000000000"),
        ("btcusd", "btcusd"),
        (timedelta(minutes=15), "15m"),
        (datetime(2026, 11, 24, 8, 0, 0, 250_000, tzinfo=UTC), "2026-11-24T08:00:00.250000000Z"),
    ],
)
def test_a_value_arrives_as_it_is_by_both_ways(operator: Database, value: flux.Value, text: str) -> None:
    assert (sent(operator, value), joined(operator, value)) == (text, text)


@settings(deadline=None)
@given(st.text(min_size=1, alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_no_text_is_ever_read_as_flux(operator: Database, text: str) -> None:
    assert sent(operator, text) == text
    assert joined(operator, text) == text


def test_text_that_looks_like_flux_is_text(operator: Database) -> None:
    evil = '"}) |> yield() // ${string(v: 1)} \\" \n'
    # The server's CSV ends every line with CR LF, also those within a value.
    assert sent(operator, evil).replace("\r\n", "\n") == evil
    assert joined(operator, evil).replace("\r\n", "\n") == evil


def test_lists_and_records_keep_their_members(operator: Database) -> None:
    text = 'import "array"\n\narray.from(rows: [{text: string(v: params.list[1]) + params.record.name}])\n'
    value: flux.Options = {"list": [1, 2], "record": {"name": "x"}}
    assert operator.query(text, Echo, {"params": value})[0].text == "2x"
    assert operator.query(flux.with_params(text, value), Echo)[0].text == "2x"


def test_parameters_are_joined_in_behind_the_header_where_there_are_no_imports() -> None:
    text = flux.with_params("// a file\n//\n\nx = params.y\n", {"y": 1})
    assert text.index("// a file") < text.index("option given") < text.index("x = params.y")


PARTS = """\
// where held
worst =
    points
        |> min()

all = [
    // where mean
    mean(
        of: points,
    ),
    // where held
    worst |> group(),
]
all
    // where written
    |> to(
        // where late
        mark: "late",
        bucket: "kept",
    )
    |> yield()
"""


@pytest.mark.parametrize(
    ("cases", "left"),
    [
        ([], "\nall = [\n]\nall\n    |> yield()\n"),
        (["held"], "worst =\n    points\n        |> min()\n\nall = [\n    worst |> group(),\n]\nall\n    |> yield()\n"),
        (["mean"], "\nall = [\n    mean(\n        of: points,\n    ),\n]\nall\n    |> yield()\n"),
        (["late"], "\nall = [\n]\nall\n    |> yield()\n"),
        (["written"], '\nall = [\n]\nall\n    |> to(\n        bucket: "kept",\n    )\n    |> yield()\n'),
        (
            ["written", "late"],
            '\nall = [\n]\nall\n    |> to(\n        mark: "late",\n        bucket: "kept",\n    )\n    |> yield()\n',
        ),
    ],
)
def test_a_part_for_a_case_is_there_in_that_case_alone(cases: list[str], left: str) -> None:
    assert flux.where(PARTS, cases) == left
