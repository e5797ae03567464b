"""The README's examples: their commands are those of the run, ask paths that there are, and print as they should."""

import json
import re
from pathlib import Path

import msgspec
import pytest
from starlette.routing import Match, Route

from api.app import ENDPOINTS
from api.endpoint import Endpoint
from docs.examples.__main__ import COMMAND, README, write
from docs.examples.asked import ALERTS, RECORDINGS, REPLAYED, SIMULATED, SPIKE, Ask, missing
from docs.examples.printed import CUT, WIDTH, answer, example
from docs.marked import blocks
from tests.exchange_simulator.orders import SpikeOrder
from tests.exchange_simulator.simulation import Simulation

PAGE = """# Title

<!-- made by make examples: one -->
kept
<!-- end -->

<!-- made by make examples: two -->
old
<!-- end -->
"""


def standing(name: str) -> str:
    """A block of the README."""
    text = README.read_text()
    (found,) = [block for block in blocks(text) if (block.command, block.name) == (COMMAND, name)]
    return text[found.start : found.end]


def answers(endpoint: Endpoint, ask: Ask) -> bool:
    """Whether a request is for that line of the route table."""
    scope = {"type": "http", "method": "GET", "path": ask.path.partition("?")[0]}
    return Route(endpoint.path, print).matches(scope)[0] is Match.FULL


@pytest.mark.parametrize("ask", [*SIMULATED, *REPLAYED, ALERTS], ids=lambda ask: ask.path)
def test_an_example_asks_a_path_of_the_route_table(ask: Ask) -> None:
    assert any(answers(endpoint, ask) for endpoint in ENDPOINTS)


@pytest.mark.parametrize("ask", SIMULATED, ids=lambda ask: ask.path)
def test_the_readme_has_every_request_on_the_simulated_market_with_an_answer(ask: Ask) -> None:
    assert f"$ {ask.shown}\n{{" in standing("curls")


def test_the_readme_has_every_replay_and_what_is_asked_then() -> None:
    text = standing("replay")
    for recording in RECORDINGS:
        assert f"$ {recording.shown}\nreplayed " in text
    for ask in REPLAYED:
        assert f"$ {ask.shown}\n{{" in text


def test_the_readme_has_the_start_with_its_last_line() -> None:
    assert "$ make run SIMULATE=1\n…\ncoinwatch is up: http://127.0.0.1:8000" in standing("run")


@pytest.mark.parametrize("ask", [*SIMULATED, *REPLAYED, ALERTS], ids=lambda ask: ask.path)
def test_an_answer_in_the_readme_has_the_members_that_the_path_answers_today(ask: Ask) -> None:
    (endpoint,) = [one for one in ENDPOINTS if answers(one, ask)]
    shown = README.read_text().partition(f"$ {ask.shown}\n")[2].partition("\n```")[0]
    found = json.loads(shown.replace(f", {CUT}]", "]"))
    msgspec.convert(found, endpoint.answered)
    assert list(found) == [field.encode_name for field in msgspec.structs.fields(endpoint.answered)]


def test_the_readme_has_a_spike_with_its_one_line_and_the_alert_of_the_api() -> None:
    text = standing("alert")
    assert f"-d '{json.dumps(SPIKE)}'" in text
    assert re.search(rf" WARNING coinwatch\.alerts Alert \d+\.\d+ {SPIKE['pair']}\n", text)
    assert f"$ {ALERTS.shown}\n{{" in text


def test_the_order_of_the_spike_is_one_that_the_simulator_takes() -> None:
    simulation = Simulation(pairs=3, seed=1)
    msgspec.convert(SPIKE, SpikeOrder).obey(simulation)


def test_a_long_answer_is_broken_at_commas_and_its_long_list_is_cut() -> None:
    rows = [{"time": f"2026-11-24T00:{minute:02}:00Z", "value": 6.44e-06} for minute in range(60)]
    shown = answer(json.dumps({"pair": "pepeusd", "among": "all pairs, each once", "chart": rows}))
    assert all(len(line) <= WIDTH for line in shown.splitlines())
    assert all(line.endswith((",", "}")) for line in shown.splitlines())
    assert shown.endswith('{"time": "2026-11-24T00:01:00Z", "value": 6.44e-06}, …]}')
    assert CUT not in shown.removesuffix("…]}")


def test_an_example_shows_what_it_is_about_then_command_and_answer() -> None:
    assert example(Ask("/healthz", "Is it well:"), '{"status":"ok"}') == (
        'Is it well:\n\n```\n$ curl -s \'http://127.0.0.1:8000/healthz\'\n{"status": "ok"}\n```'
    )


def test_an_example_that_was_not_made_stays(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(PAGE)
    write(page, {"two": "new"})
    assert page.read_text() == PAGE.replace("old", "new")


def test_a_recording_that_is_not_there_is_named(tmp_path: Path) -> None:
    for recording in RECORDINGS[1:]:
        (tmp_path / recording.file).touch()
    assert missing(tmp_path) == [RECORDINGS[0].file]
