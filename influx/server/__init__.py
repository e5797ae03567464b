"""Finds the database server, or builds it from its published Go module where there is none.

INFLUX_URL if set, else an influxd 2.x on PATH, else our cache keyed by version, else a build from go.mod here.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
MODULE = "github.com/influxdata/influxdb/v2"
TAGS = "sqlite_foreign_keys,sqlite_json"

NEEDS = {
    "go": "Go 1.25 or newer is missing: install it from https://go.dev/dl",
    "cargo": "cargo (Rust) is missing: install it from https://rustup.rs",
    "cc": "a C compiler is missing: install gcc or clang, e.g. apt-get install build-essential",
}


class NoServer(Exception):
    """There is no influxd and none can be built; the message says what is missing and how to get it."""


def version() -> str:
    """The pinned version, e.g. 2.9.1, as go.mod names it."""
    match = re.search(rf"{re.escape(MODULE)} v(\S+)", (HERE / "go.mod").read_text())
    if match is None:
        raise NoServer(f"{HERE / 'go.mod'} names no {MODULE}")
    return match[1]


def cached() -> Path:
    """Where our own build is kept."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return folder / "coinwatch" / f"influxd-{version()}" / "influxd"


def find() -> Path | None:
    """An influxd 2.x of this machine, or None."""
    on_path = shutil.which("influxd")
    if on_path and _is_version_2(on_path):
        return Path(on_path)
    return cached() if cached().exists() else None


def find_or_build(say: Callable[[str], None]) -> Path:
    """An influxd 2.x, built when there is none. NoServer: it can't be built here."""
    return find() or _build(say)


def _is_version_2(binary: str) -> bool:
    answer = subprocess.run([binary, "version"], capture_output=True, text=True, check=False)
    return re.search(r"InfluxDB v?2\.", answer.stdout) is not None


def _build(say: Callable[[str], None]) -> Path:
    missing = [sentence for tool, sentence in NEEDS.items() if shutil.which(tool) is None]
    if missing:
        raise NoServer("; ".join(missing) + "; or set INFLUX_URL to an InfluxDB 2 that runs elsewhere")
    target = cached()
    say(f"building influxd {version()} into {target}: once, 5 to 10 minutes on 2 cores, about 3.5 GB of build caches")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        pkg_config, influxd = Path(scratch, "pkg-config"), Path(scratch, "influxd")
        _go("build", "-o", str(pkg_config), "github.com/influxdata/pkg-config")  # lets cargo build libflux
        stamp = f"-s -w -X main.version={version()}"
        _go(
            "build",
            "-tags",
            TAGS,
            "-ldflags",
            stamp,
            "-o",
            str(influxd),
            f"{MODULE}/cmd/influxd",
            pkg_config=pkg_config,
        )
        influxd.replace(target)
    return target


def _go(*arguments: str, pkg_config: Path | None = None) -> None:
    environ = os.environ | {"CGO_ENABLED": "1"}
    if pkg_config is not None:
        # libflux pins an old Rust; the stable one builds it too and is what a user has.
        environ |= {"PKG_CONFIG": str(pkg_config)} | ({"RUSTUP_TOOLCHAIN": "stable"} if shutil.which("rustup") else {})
    done = subprocess.run(["go", *arguments], cwd=HERE, env=environ, check=False, stdout=sys.stderr)
    if done.returncode != 0:
        raise NoServer(f"go {' '.join(arguments)} failed in {HERE}; its reason stands above")
