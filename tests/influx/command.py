"""`python -m influx` as its user calls it: a process of its own with an environment of its own."""

import subprocess
import sys
from pathlib import Path

from influx.settings import Settings

ROOT = Path(__file__).parents[2]


def influx_command(settings: Settings, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """One call on that home and port, ended."""
    environ = {"COINWATCH_HOME": str(settings.home), "COINWATCH_INFLUX_PORT": str(settings.influx_port)}
    return subprocess.run(
        [sys.executable, "-m", "influx", *arguments],
        cwd=ROOT,
        env=environ,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
