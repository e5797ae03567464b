"""What `make run` starts, as `make --dry-run` shows it in a folder of its own."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the Makefile, and an environment that is made already."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements-dev.txt").touch()
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / ".stamp").touch()
    return tmp_path


def dry_run(folder: Path, *arguments: str, **environ: str) -> str:
    """The commands that make would run."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("INFLUX_", "MAKE"))}
    command = ["make", "--dry-run", *arguments]
    return subprocess.run(command, cwd=folder, env=own | environ, capture_output=True, text=True, check=True).stdout


def started(text: str) -> list[str]:
    """The processes that honcho is told to start."""
    return text.partition("--no-colour ")[2].split()


def test_the_service_is_influxd_collector_and_api(folder: Path) -> None:
    assert started(dry_run(folder, "run")) == ["influxd", "collector", "api"]


def test_the_simulator_is_started_only_when_it_is_asked_for(folder: Path) -> None:
    text = dry_run(folder, "run", "SIMULATE=1")
    assert "COINWATCH_SIMULATE=1" in text
    assert started(text) == ["influxd", "collector", "api", "simulator"]


@pytest.mark.parametrize("named", ["environment", "file"])
def test_no_influxd_is_started_where_a_database_is_named(folder: Path, named: str) -> None:
    if named == "file":
        (folder / ".env").write_text("#INFLUX_URL=\nINFLUX_URL=http://db:8086\n")
        text = dry_run(folder, "run")
    else:
        text = dry_run(folder, "run", INFLUX_URL="http://db:8086")
    assert started(text) == ["collector", "api"]
    assert "python -m influx setup\n" in text


def test_the_copied_example_names_no_database(folder: Path) -> None:
    shutil.copy(ROOT / ".env.example", folder / ".env")
    assert started(dry_run(folder, "run")) == ["influxd", "collector", "api"]


def test_help_names_every_target_that_says_what_it_does(folder: Path) -> None:
    shown = subprocess.run(["make", "-s"], cwd=folder, capture_output=True, text=True, check=True).stdout
    marked = [line for line in (ROOT / "Makefile").read_text().splitlines() if ": " in line and " ## " in line]
    assert len(shown.splitlines()) == len(marked)
