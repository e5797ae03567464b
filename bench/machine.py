"""What a benchmark ran on: the machine in general terms and the versions that matter."""

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

from bench import telegraf
from influx import server

PACKAGES = ("influxdb-client", "msgspec", "ccxt")


def description() -> str:
    """One line: cores, model, memory, system, versions."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    hardware = f"{os.cpu_count()} cores, {model[1] if model else platform.machine()}, {memory_gb:.0f} GB"
    versions = [f"Python {platform.python_version()}", f"influxd {server.version()}", f"Telegraf {telegraf.version()}"]
    versions += [f"{name} {version(name)}" for name in PACKAGES]
    return f"{hardware}, {platform.system()} {platform.machine()}; {', '.join(versions)}"
