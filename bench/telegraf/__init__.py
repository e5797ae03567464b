"""Builds Telegraf from its published Go module, with only the plugins that the benchmark needs, into the user's cache.

Only bench/collector needs it; 30 s on 2 cores. go.mod here pins the version.
"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
MODULE = "github.com/influxdata/telegraf"
TAGS = "custom,inputs.http,outputs.influxdb_v2,parsers.json_v2"


def version() -> str:
    """The pinned version, e.g. 1.37.2, as go.mod names it."""
    match = re.search(rf"{re.escape(MODULE)} v(\S+)", (HERE / "go.mod").read_text())
    assert match is not None
    return match[1]


def find_or_build() -> Path:
    """The binary. RuntimeError: Go is missing, or it can't be built."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "coinwatch" / f"telegraf-{version()}"
    target = cache / "telegraf"
    if not target.exists():
        if shutil.which("go") is None:
            raise RuntimeError("bench/collector needs Go 1.25 or newer for Telegraf: install it from https://go.dev/dl")
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            draft = Path(scratch, "telegraf")
            stamp = f"-s -w -X {MODULE}/internal.Version={version()}"
            command = ["go", "build", "-tags", TAGS, "-ldflags", stamp, "-o", str(draft), f"{MODULE}/cmd/telegraf"]
            if subprocess.run(command, cwd=HERE, check=False).returncode:
                raise RuntimeError(f"{' '.join(command)} failed in {HERE}")
            draft.replace(target)
    return target
