"""A reader may see some fields of a point before the others: it waits for the rest, and fails at nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from api.link import Link
from api.reader import read_states
from api.reconcile import LateRange
from influx import schema
from influx.client import Database
from influx.judge import Status
from influx.settings import Settings

NS = 10**9
MOMENT = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
AT_NS = int(MOMENT.timestamp()) * NS


@pytest.mark.parametrize("half", ["start", "stop"])
def test_a_late_range_counts_once_both_its_ends_are_there(influxd: Settings, operator: Database, half: str) -> None:
    series = f"late_range,exchange=half-{half},measurement=quote"

    def found() -> list[str]:
        rows = Link(influxd).query("late_ranges", LateRange, {"from": MOMENT})
        return [row.exchange for row in rows if row.exchange == f"half-{half}"]

    operator.write("events", f'{series} {half}="2026-01-01T00:00:00Z" {AT_NS}'.encode())
    assert found() == []
    operator.write("events", f'{series} start="2026-01-01T00:00:00Z",stop="2026-01-01T00:00:00Z" {AT_NS}'.encode())
    assert found() == [f"half-{half}"]


@pytest.mark.parametrize(("half", "told"), [("state", "down"), ("reason", "ok")])
def test_an_exchange_has_one_state_while_the_next_one_is_being_written(
    influxd: Settings, operator: Database, half: str, told: str
) -> None:
    series = f"exchange_state,exchange=half-{half}"
    operator.write("events", f'{series} state="ok",reason="",until="" {AT_NS}'.encode())
    operator.write("events", f'{series} {half}="down" {AT_NS + NS}'.encode())
    states = read_states(Link(influxd), MOMENT + timedelta(minutes=1))
    assert [state.state for state in states if state.exchange == f"half-{half}"] == [told]


@pytest.mark.parametrize("lacking", ["price", "value", "mean", "_source_timestamp"])
def test_a_status_counts_once_all_of_it_is_there(influxd: Settings, operator: Database, lacking: str) -> None:
    fields = {"price": "1", "value": "4", "mean": "1", "_source_timestamp": f"{AT_NS}i", "late": "false"}
    series = f"statuses,_check_name=half,_level=crit,_type=custom,exchange=half-{lacking},metric=price,pair=halfusd"

    def write(names: list[str]) -> None:
        line = f"{series} {','.join(f'{name}={fields[name]}' for name in names)} {AT_NS}"
        operator.write(schema.MONITORING, line.encode())

    def found() -> list[float]:
        rows = Link(influxd).query("statuses", Status, {"from": MOMENT})
        return [row.value for row in rows if row.exchange == f"half-{lacking}"]

    write([name for name in fields if name != lacking])
    assert found() == []
    write(list(fields))
    assert found() == [4]
