"""The collector on one exchange, a process as it is in service: poll, decode, encode, spool, write, telemetry."""

import re
import subprocess
import sys

import requests

from bench.collector.whole import measure
from bench.place import here
from tests.ports import free_port

label = "coinwatch"


def run(size: int) -> dict[str, float]:
    """CPU a quote, peak memory, and the mean poll in seconds."""
    place, port = here(), free_port()
    interval_s = 5 if size <= 20_000 else 20
    variables = {
        "COINWATCH_HOME": str(place.home),
        "COINWATCH_INFLUX_PORT": str(place.influx_port),
        "COINWATCH_COLLECTOR_PORT": str(port),
        "COINWATCH_INTERVAL": f"{interval_s}s",
        "COINWATCH_EXCHANGES": "binance",
        "COINWATCH_BINANCE_URL": place.exchange_url,
    }
    command = [sys.executable, "-m", "bench.collector.collecting"]
    with subprocess.Popen(command, env=place.environ() | variables) as process:
        try:
            figures = measure(process.pid, size, interval_s, "price", "quote")
            return figures | {"poll_s": mean_poll_s(port)}
        finally:
            process.terminate()


def mean_poll_s(port: int) -> float:
    """From the collector's own telemetry."""
    text = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text
    total, count = (
        float(re.findall(rf'coinwatch_poll_duration_seconds_{name}{{exchange="binance"}} (\S+)', text)[0])
        for name in ("sum", "count")
    )
    return total / count
