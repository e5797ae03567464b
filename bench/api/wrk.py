"""Load by wrk: requests a second and how long they took. https://github.com/wg/wrk"""

import re
import shutil
import subprocess
from collections.abc import Mapping

from msgspec import Struct

UNIT_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


class NoWrk(Exception):
    """wrk is missing; the message says how to get it."""


class Load(Struct, frozen=True):
    """What wrk saw."""

    per_s: float
    p50_ms: float
    p99_ms: float


def load(url: str, connections: int, seconds: int, headers: Mapping[str, str]) -> Load:
    """Asks for one address as fast as it is answered. NoWrk; AssertionError: some answers were no 2xx or 3xx."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise NoWrk("wrk is missing: install it, e.g. apt-get install wrk")
    command = [wrk, "-t1", f"-c{connections}", f"-d{seconds}", "--latency"]
    command += [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    text = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx or 3xx" not in text, text
    return Load(float(_found(r"Requests/sec:\s+([\d.]+)", text)), _latency(50, text), _latency(99, text))


def _latency(percent: int, text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(\w+)", _found(rf"(?m)^ +{percent}% +(\S+)", text)).groups()  # type: ignore[union-attr] # wrk's own form
    return float(number) * UNIT_MS[unit]


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, text
    return match[1]
