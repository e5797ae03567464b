"""What becomes of a batch of which the real influxd refuses some lines."""

import time
from collections.abc import Callable
from functools import partial

import pytest
from msgspec import Struct

from collector.delivery import Outcome, deliver
from influx import schema
from influx.client import Database, Forbidden, Later, Refused

NOW_NS = time.time_ns() // 10**9 * 10**9
DAY_NS = 86_400 * 10**9

Write = Callable[[bytes], None]

BAD: dict[str, tuple[bytes, str]] = {
    "unparsable": (b"%s,t=bad v=x 1700000000000000000", "invalid boolean"),
    "no_number": (b"%s,t=bad v=NaN 1700000000000000000", "invalid number"),
    "without_field": (b"%s,t=bad 1700000000000000000", "invalid field format"),
    "double_tag": (b"%s,t=bad,t=bad v=1 1700000000000000000", "duplicate tags"),
    "reserved_tag": (b"%s,_field=bad v=1 1700000000000000000", "reserved tag key"),
    "time_too_large": (b"%s,t=bad v=1 99999999999999999999", "value out of range"),
    "other_type": (b'%s,t=bad v="text" ' + str(NOW_NS).encode(), "field type conflict"),
    "integer": (b"%s,t=bad v=1i " + str(NOW_NS).encode(), "field type conflict"),
    "older_than_kept": (b"%s,t=bad v=1 " + str(NOW_NS - 30 * DAY_NS).encode(), "outside retention policy"),
}


def good(measurement: str, count: int) -> list[bytes]:
    return [f"{measurement},t=good{number} v={number}.5 {NOW_NS}".encode() for number in range(count)]


def counting(database: Database) -> tuple[Write, list[int]]:
    """The write of the quotes bucket, and the size of each request it made."""
    sizes: list[int] = []

    def write(lines: bytes) -> None:
        sizes.append(lines.count(b"\n") + 1)
        database.write(schema.QUOTES.name, lines)

    return write, sizes


class Count(Struct):
    _value: int


def stored(database: Database, measurement: str) -> int:
    """How many points of a measurement there are."""
    rows = database.query(
        "from(bucket: params.bucket) |> range(start: -60d) |> filter(fn: (r) => r._measurement == params.measurement)"
        " |> group() |> count()",
        Count,
        {"params": {"bucket": schema.QUOTES.name, "measurement": measurement}},
    )
    return rows[0]._value if rows else 0


def test_a_good_batch_is_one_request(operator: Database) -> None:
    write, sizes = counting(operator)
    assert deliver(write, good("delivered", 500)) == Outcome(written=500)
    assert (sizes, stored(operator, "delivered")) == ([500], 500)


@pytest.mark.parametrize("kind", BAD)
def test_one_bad_line_costs_only_itself(kind: str, operator: Database) -> None:
    measurement = f"one_{kind}"
    operator.write(schema.QUOTES.name, f"{measurement},t=first v=1.5 {NOW_NS}".encode())
    line, reason = BAD[kind]
    bad = line % measurement.encode()
    lines = good(measurement, 300)
    lines.insert(177, bad)
    write, sizes = counting(operator)
    outcome = deliver(write, lines)
    assert (outcome.written, outcome.kept, outcome.why) == (300, 0, None)
    assert [refusal.line for refusal in outcome.refused] == [bad]
    assert reason in outcome.refused[0].reason
    assert stored(operator, measurement) == 301
    assert len(sizes) < 25


def test_bad_lines_of_every_kind_are_all_found(operator: Database) -> None:
    operator.write(schema.QUOTES.name, f"mixed,t=first v=1.5 {NOW_NS}".encode())
    lines = good("mixed", 400)
    bad = [line % b"mixed" for line, _ in BAD.values()]
    for number, line in enumerate(bad):
        lines.insert(number * 40, line)
    outcome = deliver(partial(operator.write, schema.QUOTES.name), lines)
    assert sorted(refusal.line for refusal in outcome.refused) == sorted(bad)
    assert (outcome.written, stored(operator, "mixed")) == (400, 401)


def test_a_batch_of_nothing_but_old_lines_is_one_request(operator: Database) -> None:
    write, sizes = counting(operator)
    lines = [f"old,t={number} v=1 {NOW_NS - 30 * DAY_NS}".encode() for number in range(1000)]
    assert len(deliver(write, lines).refused) == 1000
    assert sizes == [1000]


def test_a_batch_of_nothing_but_rubbish_is_one_request(operator: Database) -> None:
    write, sizes = counting(operator)
    outcome = deliver(write, [f"rubbish,t={number} v=x 1".encode() for number in range(1000)])
    assert len(outcome.refused) == 1000
    assert sizes == [1000]


def test_what_was_refused_already_is_not_sent_whole_again(operator: Database) -> None:
    write, sizes = counting(operator)
    deliver(write, good("again", 10), Refused("HTTP 413 too large"))
    assert sizes == [5, 5]


@pytest.mark.parametrize("error", [Later("HTTP 503"), Forbidden("token")])
def test_a_database_that_fails_in_between_keeps_what_is_not_written(
    error: Later | Forbidden, operator: Database
) -> None:
    answers = iter([None, error])

    def write(lines: bytes) -> None:
        if answer := next(answers):
            raise answer
        operator.write(schema.QUOTES.name, lines)

    outcome = deliver(write, good("between", 9), Refused("HTTP 413 too large"))
    assert (outcome.written, outcome.kept, outcome.why) == (4, 5, error)


def test_no_lines_are_no_request(operator: Database) -> None:
    write, sizes = counting(operator)
    assert deliver(write, []) == Outcome()
    assert sizes == []
