"""Events as they can be read back from the database, whatever is in their texts."""

import time

from msgspec import Struct

from collector import events
from collector.discovery import Change
from collector.lines import Market
from collector.state import State
from influx import schema
from influx.client import Database

READ = """
from(bucket: "events") |> range(start: -1h)
    |> filter(fn: (r) => r.exchange == params.exchange)
    |> last()
    |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")
"""


class StateRow(Struct, kw_only=True):
    state: str
    reason: str
    until: str = ""


class PairRow(Struct, kw_only=True):
    pair: str
    base: str
    quote: str
    kind: str
    detail: str = ""


def test_a_state_is_read_back_as_it_was(operator: Database) -> None:
    banned = State("banned", 'HTTP 418 "I\'m a Teapot"', 1_795_521_840.0, detail="back\\slash,\nand a second line = 2")
    operator.write(schema.EVENTS.name, events.exchange_state("odd exchange,=", banned, time.time_ns()).encode())
    (row,) = operator.query(READ, StateRow, {"params": {"exchange": "odd exchange,="}})
    assert row == StateRow(
        state="banned",
        reason='HTTP 418 "I\'m a Teapot": back\\slash, and a second line = 2',
        until="2026-11-24T12:04:00Z",
    )


def test_a_pairs_event_is_read_back_with_its_series(operator: Database) -> None:
    change = Change(Market("a b,=币usd", "a b,=币", "usd"), "renamed", "币usd")
    operator.write(schema.EVENTS.name, events.pair_event("renaming", change, time.time_ns()).encode())
    (row,) = operator.query(READ, PairRow, {"params": {"exchange": "renaming"}})
    assert row == PairRow(pair="a b,=币usd", base="a b,=币", quote="usd", kind="renamed", detail="币usd")


def test_every_tag_and_field_is_one_of_the_schema() -> None:
    line = events.pair_event("kraken", Change(Market("btcusd", "btc", "usd"), "listed"), 1)
    assert line == f'{schema.PAIR_EVENT},base=btc,exchange=kraken,kind=listed,pair=btcusd,quote=usd detail="" 1'
