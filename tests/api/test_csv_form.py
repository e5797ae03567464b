"""Answers as CSV."""

from datetime import UTC, datetime

from msgspec import Struct

from api.csv_form import encode


class Inner(Struct):
    a: float | None
    b: list[str]
    time: datetime


class Outer(Struct):
    name: str
    inner: Inner
    rows: list[Inner]


class Single(Struct):
    pair: str
    value: float
    fine: bool
    inner: Inner


ROW = Inner(6.44e-06, ["kraken", "binance"], datetime(2026, 11, 24, 12, tzinfo=UTC))


def test_the_list_of_an_answer_is_its_rows() -> None:
    text = encode(Outer("x", ROW, [ROW, Inner(None, ['a"b,c'], ROW.time)]))
    assert text.decode().split("\r\n") == [
        "a,b,time",
        "6.44e-6,kraken binance,2026-11-24T12:00:00Z",
        ',"a""b,c",2026-11-24T12:00:00Z',
        "",
    ]


def test_an_answer_without_a_list_is_the_only_row_without_what_is_nested_in_it() -> None:
    assert encode(Single("btcusd", 0.1, True, ROW)) == b"pair,value,fine\r\nbtcusd,0.1,true\r\n"


def test_an_empty_list_is_a_header() -> None:
    assert encode(Outer("x", ROW, [])) == b"a,b,time\r\n"
