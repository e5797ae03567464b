"""Telegraf on the same answers: inputs.http, the parser json_v2 with only the fields that are used, influxdb_v2."""

import subprocess
import tempfile
from pathlib import Path

from bench import telegraf
from bench.collector.whole import measure
from bench.place import here
from influx import tokens

label = f"Telegraf {telegraf.version()}"
INTERVAL_S = 5

CONFIG = """
[agent]
  interval = "{interval}s"
  flush_interval = "{interval}s"
  metric_batch_size = 10000
  metric_buffer_limit = 200000
  omit_hostname = true
  quiet = true

[[inputs.http]]
  urls = ["{exchange}/api/v3/ticker/24hr"]
  timeout = "{interval}s"
  data_format = "json_v2"
  [[inputs.http.json_v2]]
    measurement_name = "telegraf"
    [[inputs.http.json_v2.object]]
      path = "@this"
      tags = ["symbol"]
      included_keys = ["symbol", "lastPrice", "volume", "quoteVolume"]
      [inputs.http.json_v2.object.fields]
        lastPrice = "float"
        volume = "float"
        quoteVolume = "float"

[[outputs.influxdb_v2]]
  urls = ["{influx}"]
  token = "{token}"
  organization = "{org}"
  bucket = "quotes"
  timeout = "30s"
"""


def run(size: int) -> dict[str, float]:
    """CPU a quote and peak memory."""
    binary, place = telegraf.find_or_build(), here()
    settings = place.settings
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "telegraf.conf")
        config.write_text(
            CONFIG.format(
                interval=INTERVAL_S,
                exchange=place.exchange_url,
                influx=settings.url,
                token=tokens.read(settings, tokens.OPERATOR) or "",
                org=settings.influx_org,
            )
        )
        with subprocess.Popen([binary, "--config", config]) as process:
            try:
                return measure(process.pid, size, INTERVAL_S, "lastPrice", "telegraf")
            finally:
                process.terminate()
