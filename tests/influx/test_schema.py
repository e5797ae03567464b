"""What is written has the names of the schema, and what is read has them too."""

import re
from pathlib import Path

import pytest

from api.alert import Alert
from collector import backfill_report, events, late
from collector.discovery import Change
from collector.heal_round import Progress
from collector.lines import Market
from collector.state import State
from influx import flux, schema
from influx.schema import Measurement

NS = 1_000_000_000
MARKET = Market("btcusd", "btc", "usd")
ALERT = Alert("kraken", "btcusd", "price", "price_3x", NS, 1.0, 1.0, 0.3, 3.3, False)
QUOTE_LINE = b"quote,base=btc,exchange=kraken,pair=btcusd,quote=usd price=1.0 1000000000"

WRITTEN = {
    schema.EXCHANGE_STATE: events.exchange_state("kraken", State("down", "no answer"), NS),
    schema.PAIR_EVENT: events.pair_event("kraken", Change(MARKET, "listed"), NS),
    schema.BACKFILL: backfill_report.backfill_line("kraken", Progress(1, 2), NS),
    schema.LATE_RANGE: late.late_lines(QUOTE_LINE, now_s=1e9).decode().strip(),
    schema.ALERT: ALERT.line,
}
MEASURED = {file.stem: file for file in flux.HERE.rglob("*.flux")}


def named(name: str) -> Measurement:
    """The measurement of a name that only one bucket has."""
    (found,) = [one for one in schema.MEASUREMENTS if one.name == name]
    return found


@pytest.mark.parametrize("name", WRITTEN)
def test_a_written_line_has_the_schemas_measurement_tags_and_fields(name: str) -> None:
    match = re.fullmatch(r"(\w+),(\S+) (.+) \d+", WRITTEN[name])
    assert match is not None
    assert match[1] == name
    assert {part.split("=")[0] for part in match[2].split(",")} == set(named(name).tags)
    assert set(re.findall(r"(\w+)=", match[3])) == set(named(name).fields)


@pytest.mark.parametrize("path", MEASURED.values(), ids=MEASURED.keys())
def test_a_flux_file_reads_only_measurements_of_the_schema(path: Path) -> None:
    asked = set(re.findall(r'r\._measurement == "(\w+)"', path.read_text()))
    of_influxdb = {"statuses", "runs"}
    assert asked <= {one.name for one in schema.MEASUREMENTS} | of_influxdb


def test_every_bucket_but_that_of_the_scraper_says_what_its_measurements_are() -> None:
    assert {one.bucket for one in schema.MEASUREMENTS} >= set(schema.BUCKETS) - {schema.OPS}
