"""API keys."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from api import keys
from api.keys import Keys
from influx.settings import SettingsError


def test_a_key_opens_and_the_file_does_not(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    key = keys.add(path, "ann")
    assert key not in path.read_text()
    known = Keys(path)
    assert known.name({b"x-api-key": key.encode()}) == "ann"
    assert known.name({b"authorization": f"Bearer {key}".encode()}) == "ann"
    assert known.name({b"x-api-key": path.read_text().split()[1].encode()}) is None
    assert known.name({}) is None


def test_each_key_has_its_name(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    made = {name: keys.add(path, name) for name in ("ann", "bob", "eve")}
    known = Keys(path)
    assert {name: known.name({b"x-api-key": key.encode()}) for name, key in made.items()} == {
        name: name for name in made
    }


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    keys.add(tmp_path / "keys", "ann")
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_none_of_ours_is_refused_by_line(tmp_path: Path) -> None:
    keys.add(tmp_path / "keys", "ann")
    with (tmp_path / "keys").open("a") as file:
        file.write("bob secret\n")
    with pytest.raises(SettingsError, match="line 2: accepted is NAME HASH"):
        Keys(tmp_path / "keys")
    with pytest.raises(SettingsError, match="which can't be read: No such file"):
        Keys(tmp_path / "none")


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`python -m api` with these arguments and variables."""
    command = [sys.executable, "-m", "api", *arguments]
    return subprocess.run(command, env=os.environ | variables, capture_output=True, text=True, check=False)


def test_the_command_makes_a_key_and_prints_it(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    done = run("key", "ann", COINWATCH_API_KEYS=str(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert Keys(path).name({b"x-api-key": done.stdout.strip().encode()}) == "ann"


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    assert run("key", "ann").returncode == 2
    done = run("key", "a b", COINWATCH_API_KEYS=str(tmp_path / "keys"))
    assert (done.returncode, done.stderr) == (
        1,
        "'a b' is no name; accepted: up to 64 letters, digits, dots, hyphens\n",
    )
