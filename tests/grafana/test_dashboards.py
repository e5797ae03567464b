"""The dashboards' files: current, complete, and naming only what the database has."""

import json
import re
from typing import Any

import pytest

from grafana.__main__ import dashboards, files, main
from grafana.panels import QUERIES, SOURCE, text
from influx import schema

PANELS = [(name, panel) for name, board in dashboards().items() for row in board.rows for panel in row.panels]
USED = {panel.query for _, panel in PANELS} | {
    variable.query for board in dashboards().values() for variable in board.variables
}
WRITTEN = sorted(path.stem for path in QUERIES.glob("*.flux"))
FIELDS = {
    *schema.QUOTE_FIELDS,
    *schema.CANDLE_FIELDS,
    *schema.BOARD_FIELDS,
    *("price", "value", "mean", "ratio", "late"),  # of an alert
    *("state", "reason", "until"),  # of an exchange's state
}
MEASUREMENTS = {schema.QUOTE, schema.CANDLE, schema.BOARD_ROW, schema.ALERT, schema.EXCHANGE_STATE}


def test_the_files_in_the_repository_are_those_that_the_code_writes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_a_dashboard_lays_its_panels_without_overlap_and_within_the_grid(path: Any) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(path.read_text())["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_every_panel_of_a_file_asks_the_one_data_source(path: Any) -> None:
    for panel in json.loads(path.read_text())["panels"]:
        assert panel["datasource"] == SOURCE
        assert [target["datasource"] for target in panel["targets"]] == [SOURCE]


@pytest.mark.parametrize(("board", "panel"), PANELS, ids=[f"{board}-{panel.query}" for board, panel in PANELS])
def test_a_panel_says_what_it_shows_and_in_which_unit(board: str, panel: Any) -> None:
    assert panel.title
    assert len(panel.description) > len(panel.title) / 2
    assert panel.unit


def test_every_query_is_used_and_none_is_missing() -> None:
    assert sorted(USED) == WRITTEN


@pytest.mark.parametrize("query", WRITTEN)
def test_a_query_begins_with_a_header_that_says_when_it_runs_what_it_reads_and_costs(query: str) -> None:
    lines = text(query).splitlines()
    assert lines[0].startswith(f"// {query}: ")
    for word in ("Runs", "Reads", "Cost"):
        assert any(re.match(rf"// {word}\s+\S", line) for line in lines), word


@pytest.mark.parametrize("query", WRITTEN)
def test_a_query_names_only_buckets_measurements_fields_and_tags_that_the_schema_has(query: str) -> None:
    flux = text(query)
    assert set(re.findall(r'bucket: "(\w+)"', flux)) <= {bucket.name for bucket in schema.BUCKETS}
    assert set(re.findall(r'_measurement == "(\w+)"', flux)) <= MEASUREMENTS
    assert set(re.findall(r'_field == "(\w+)"', flux)) <= FIELDS
    assert set(re.findall(r"r\.(\w+) (?:==|=~)", flux)) <= {"_measurement", "_field", *schema.TAGS}
