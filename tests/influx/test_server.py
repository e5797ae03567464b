"""Which influxd is taken, and what is said when none can be."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from influx import server
from influx.settings import PREFIX

ROOT = Path(__file__).parents[2]


def program(path: Path, prints: str) -> Path:
    """A program that prints one line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{prints}'\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def make_influxd(**environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith((PREFIX, "INFLUX_"))}
    command = [sys.executable, "-m", "influx.server"]
    return subprocess.run(command, cwd=ROOT, env=clean | environ, capture_output=True, text=True, check=False)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on PATH and nothing in the cache."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def test_an_influxd_2_on_the_path_is_taken_first(bare: Path) -> None:
    program(server.cached(), "InfluxDB v2.9.1")
    on_path = program(bare / "bin" / "influxd", "InfluxDB v2.7.12 (git: none)")
    assert server.find() == on_path


def test_an_influxd_1_on_the_path_is_passed_over(bare: Path) -> None:
    program(bare / "bin" / "influxd", "InfluxDB v1.6.7 (git: unknown unknown)")
    assert server.find() is None
    program(server.cached(), "InfluxDB v2.9.1")
    assert server.find() == server.cached()


def test_the_cache_is_keyed_by_the_pinned_version(bare: Path) -> None:
    assert server.cached() == bare / "cache" / "coinwatch" / f"influxd-{server.version()}" / "influxd"


@pytest.mark.parametrize(
    ("present", "missing"), [(["cargo", "cc"], "Go"), (["go", "cc"], "cargo"), (["go", "cargo"], "C compiler")]
)
def test_what_a_build_lacks_is_named_with_the_way_to_get_it(bare: Path, present: list[str], missing: str) -> None:
    for tool in present:
        program(bare / "bin" / tool, "")
    with pytest.raises(server.NoServer, match=rf"{missing}.*is missing: install.*or set INFLUX_URL"):
        server.find_or_build(print)


def test_a_build_that_fails_is_named_and_leaves_nothing_behind(bare: Path) -> None:
    for tool in ("cargo", "cc"):
        program(bare / "bin" / tool, "")
    failing = bare / "bin" / "go"
    failing.write_text("#!/bin/sh\nexit 3\n")
    failing.chmod(0o755)
    said: list[str] = []
    with pytest.raises(server.NoServer, match=r"go build .* failed"):
        server.find_or_build(said.append)
    assert not server.cached().exists()
    assert "5 to 10 minutes" in said[0]


def test_influx_url_needs_no_server_of_ours() -> None:
    done = make_influxd(INFLUX_URL="http://db.example:8086")
    assert done.returncode == 0
    assert "none of our own, INFLUX_URL names http://db.example:8086" in done.stderr


def test_a_second_make_influxd_builds_nothing_and_names_the_binary() -> None:
    done = make_influxd()
    assert done.returncode == 0
    assert "influxd" in done.stderr.splitlines()[-1]
    assert "building" not in done.stderr


def test_a_malformed_setting_is_named() -> None:
    done = make_influxd(COINWATCH_INTERVAL="2s")
    assert (done.returncode, done.stderr) == (1, "COINWATCH_INTERVAL is 2s; accepted: 5s to 60s\n")
