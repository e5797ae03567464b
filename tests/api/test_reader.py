"""The reader: finds each new board once it is whole, and tells how database and exchanges are."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import Struct

from api.board import Published
from api.link import Link
from api.reader import (
    Backfill,
    Reader,
    Status,
    board_path,
    newest_rows,
    newest_run,
    read_board,
    status_path,
)
from influx import schema, tokens
from influx.client import Database
from influx.settings import Settings
from tests.api.conftest import MadeMarket
from tests.api.made_board import series
from tests.eventually import eventually
from tests.ports import free_port


class Task(Struct):
    id: str


class Tasks(Struct):
    tasks: list[Task]


def published(settings: Settings) -> Published:
    """The board as it lies there."""
    return msgspec.msgpack.decode(board_path(settings).read_bytes(), type=Published)


def status(settings: Settings) -> Status:
    """The status as it lies there."""
    return msgspec.msgpack.decode(status_path(settings).read_bytes(), type=Status)


@pytest.fixture
def operator_of_market(market: MadeMarket) -> Iterator[Database]:
    """The made market's database with every right."""
    token = tokens.read(market.settings, tokens.OPERATOR) or ""
    database = Database(market.settings.url, market.settings.influx_org, token)
    yield database
    database.close()


def test_every_field_of_the_schema_has_its_place_in_a_row(market: MadeMarket) -> None:
    rows = read_board(Link(market.settings), market.minute).rows
    assert {(row.pair, row.exchange) for row in rows} == {(tags.pair, tags.exchange) for tags in market.points}
    litecoin = next(row for row in rows if row.pair == "ltcusd")
    assert [name for name in schema.BOARD_FIELDS if getattr(litecoin, name) is None] == ["healed_count"]


def run_task(database: Database, minute: datetime) -> None:
    """Has InfluxDB run the board's task for a minute."""
    (task,) = database.request("GET", "tasks", Tasks, name="board").tasks
    scheduled = minute.isoformat().replace("+00:00", "Z")
    database.request("POST", f"tasks/{task.id}/runs", Any, {"scheduledFor": scheduled})


def test_a_run_that_ended_well_tells_that_its_board_is_whole(market: MadeMarket, operator_of_market: Database) -> None:
    run_task(operator_of_market, market.minute)
    minute = eventually(lambda: newest_run(Link(market.settings), datetime.now(UTC)), "a run of the task")
    assert minute is not None
    assert market.minute <= minute <= datetime.now(UTC)


def test_without_runs_the_rows_themselves_tell_the_newest_minute(market: MadeMarket) -> None:
    minute = newest_rows(Link(market.settings), market.minute + timedelta(minutes=1))
    assert minute is not None
    assert minute >= market.minute


def test_a_board_is_published_once_a_version(apart: Settings, market: MadeMarket, operator_of_market: Database) -> None:
    run_task(operator_of_market, market.minute)
    reader = Reader(apart)

    def look() -> bool:
        reader.look()
        return reader.whole

    eventually(look, "a whole board")
    assert published(apart).minute_s == reader.minute_s
    assert (status(apart).boards, status(apart).read_s > 0) == (1, True)
    inode = board_path(apart).stat().st_ino
    reader.clock = lambda: reader.minute_s + 59.0
    reader.look()
    assert board_path(apart).stat().st_ino == inode


def test_states_and_backfill_are_told(apart: Settings, operator_of_market: Database) -> None:
    now_ns = int(datetime.now(UTC).timestamp() * 1e9)
    operator_of_market.write(
        "events",
        f'exchange_state,exchange=gemini state="down",reason="no answer",until="" {now_ns}\n'
        f'exchange_state,exchange=kraken state="down",reason="old",until="" {now_ns - 10**9}\n'
        f'exchange_state,exchange=kraken state="ok",reason="",until="" {now_ns}\n'
        f'backfill,exchange=kraken done=3.0,total=9.0,healed=7.0,lost=1.0,failed=0.0,reason="" {now_ns}'.encode(),
    )
    reader = Reader(apart)
    reader.look()
    told = status(apart)
    assert [(state.exchange, state.state, state.reason) for state in told.states] == [
        ("gemini", "down", "no answer"),
        ("kraken", "ok", ""),
    ]
    assert told.backfill == (Backfill("kraken", 3, 9, 7, 1, 0),)


def test_an_absent_database_is_told_and_logged_twice_in_all(
    tmp_path: Path, market: MadeMarket, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "coinwatch.api")
    reader = Reader(Settings(home=tmp_path, influx_port=free_port()))
    for _ in range(3):
        reader.look()
    assert "has not been set up yet" in status(reader.settings).away
    reader.link = Link(market.settings)
    reader.look()
    assert status(reader.settings).away == ""
    messages = [record.getMessage() for record in caplog.records if record.name == "coinwatch.api"]
    assert len(messages) == 2
    assert messages[0].endswith("; the last board is served")
    assert messages[1].startswith("database: answers again after")


def test_an_empty_board_does_not_take_the_place_of_one_with_rows(tmp_path: Path) -> None:
    reader = Reader(Settings(home=tmp_path))
    reader.take(Published(60, [series("btcusd")]), whole=True)
    reader.take(Published(120, []), whole=True)
    assert published(reader.settings).minute_s == 60
