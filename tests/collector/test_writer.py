"""The writer before a real influxd and a gate that makes it fail as servers do: 0 lost, 0 doubled, two log lines."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from collector import dead_letters, packing
from collector.spool import Spool
from collector.writer import Writer
from influx import schema, tokens
from influx.client import Database
from influx.settings import Settings
from tests.collector.gate import Gate, Seen
from tests.eventually import eventually

NS = 10**9
NOW_S = int(time.time())
MB = 2**20
INTERVAL_S = 60


@pytest.fixture
def gate(influxd: Settings) -> Iterator[Gate]:
    with Gate(influxd.url) as gate:
        yield gate


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    spool = Spool(tmp_path / "spool", 100 * MB)
    yield spool
    spool.close()


class Bench:
    """A writer on a spool, as the collector has it, with its database behind the gate."""

    def __init__(self, settings: Settings, gate: Gate, spool: Spool, folder: Path) -> None:
        self.letters = folder / "dead-letters"
        self.token = str(tokens.read(settings, "collector"))
        self.has_token = True
        self._settings, self._gate = settings, gate
        self.writer = Writer(spool, self.letters, self.connect, INTERVAL_S)

    def connect(self) -> Database | None:
        if not self.has_token:
            return None
        return Database(self._gate.url, self._settings.influx_org, self.token, "collector", timeout_s=30)


@pytest.fixture
def bench(influxd: Settings, gate: Gate, spool: Spool, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(influxd, gate, spool, tmp_path)
    yield bench
    bench.writer.stop(0)


def lines(pair: str, count: int, time_s: float = NOW_S, exchange: str = "kraken") -> bytes:
    """So many points with the price 0.5, 1.5, ..., a nanosecond apart: one series, since all tests share a database."""
    tags = f"base=b,exchange={exchange},pair={pair},quote=usd"
    return b"".join(b"quote,%s price=%d.5 %d\n" % (tags.encode(), n, int(time_s) * NS + n) for n in range(count))


class Total(Struct):
    points: int
    value: float


def stored(database: Database, pair: str) -> tuple[int, float]:
    """How many points of a pair there are, and the sum of their prices."""
    text = """
from(bucket: "quotes") |> range(start: -30d, stop: 1h)
    |> filter(fn: (r) => r._measurement == "quote" and r.pair == params.pair and r._field == "price")
    |> group()
    |> reduce(fn: (r, accumulator) => ({points: accumulator.points + 1, value: accumulator.value + r._value}),
    identity: {points: 0, value: 0.0})
"""
    rows = database.query(text, Total, {"params": {"pair": pair}})
    return (rows[0].points, rows[0].value) if rows else (0, 0.0)


def total(*counts: int) -> tuple[int, float]:
    """What `stored` answers when so many lines of `lines` are there, each batch at a time of its own."""
    return sum(counts), sum(count * count / 2 for count in counts)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "coinwatch.writer"]


def polls_written(gate: Gate) -> list[Seen]:
    """The writes of quotes, without those of events that tell which came late."""
    return [seen for seen in gate.writes if seen.bucket == schema.QUOTES.name]


def first_pair(seen: Seen) -> str:
    return packing.plain(seen.body).split(b"pair=")[1].split(b",")[0].decode()


def emptied(spool: Spool) -> None:
    eventually(lambda: spool.waiting == 0, "the spool is empty")


def test_what_is_appended_is_written_and_leaves_the_spool(bench: Bench, spool: Spool, operator: Database) -> None:
    bench.writer.start()
    spool.append(lines("written", 500))
    emptied(spool)
    assert stored(operator, "written") == total(500)
    assert (bench.writer.figures.written, bench.writer.figures.failures) == (500, 0)
    assert bench.writer.figures.last_written_s >= NOW_S


def test_batches_that_wait_together_go_in_one_request_a_bucket(bench: Bench, spool: Spool, gate: Gate) -> None:
    for number in range(10):
        spool.append(lines("together", 5, NOW_S - number))
    spool.append(b'pair_event,exchange=together,kind=listed detail="" %d\n' % (NOW_S * NS), "events")
    bench.writer.start()
    emptied(spool)
    assert [seen.bucket for seen in gate.writes][:2] == ["events", "quotes"]


def test_batches_gathered_while_nobody_listened_are_all_written_once(
    bench: Bench, spool: Spool, gate: Gate, operator: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="coinwatch")
    gate.shut()
    bench.writer.start()
    for number in range(200):
        spool.append(lines("gathered", 20, NOW_S - number))
    eventually(lambda: bench.writer.figures.failures > 2, "tries")
    gate.open()
    emptied(spool)
    assert stored(operator, "gathered") == total(*[20] * 200)
    began, ended = said(caplog)
    assert began.startswith("database: no writes since")
    assert began.endswith("Connection refused); the spool keeps what comes")
    assert ended.startswith("database: writes again after")


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_left_alone_as_long_as_it_says(
    status: int, bench: Bench, spool: Spool, gate: Gate, operator: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="coinwatch")
    gate.answer(status, retry_after="2")
    bench.writer.start()
    spool.append(lines(f"busy{status}", 20))
    eventually(lambda: gate.writes, "a first try")
    gate.let_through()
    spool.append(lines(f"busy{status}", 20, NOW_S - 1))
    emptied(spool)
    assert gate.writes[1].at_s - gate.writes[0].at_s >= 2
    assert stored(operator, f"busy{status}") == total(20, 20)
    assert [f"HTTP {status}" in text for text in said(caplog)] == [True, False]


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_not_accepted_keeps_the_data_and_is_named(
    status: int, bench: Bench, spool: Spool, gate: Gate, operator: Database, caplog: pytest.LogCaptureFixture
) -> None:
    gate.answer(status)
    bench.writer.start()
    spool.append(lines(f"token{status}", 20))
    eventually(lambda: gate.writes, "a try")
    assert spool.waiting == 1
    assert "does not accept the token collector" in said(caplog)[0]
    gate.let_through()
    emptied(spool)
    assert stored(operator, f"token{status}") == total(20)


def test_a_token_that_was_made_anew_is_taken_up(bench: Bench, spool: Spool, operator: Database) -> None:
    good, bench.token = bench.token, "outdated"
    bench.writer.start()
    spool.append(lines("renewed", 20))
    eventually(lambda: bench.writer.figures.failures, "a failure")
    bench.token = good
    emptied(spool)
    assert stored(operator, "renewed") == total(20)


def test_without_a_token_yet_it_waits_and_keeps(
    bench: Bench, spool: Spool, operator: Database, caplog: pytest.LogCaptureFixture
) -> None:
    bench.has_token = False
    bench.writer.start()
    spool.append(lines("early", 20))
    eventually(lambda: said(caplog), "a word about it")
    assert "setup has not made its token yet" in said(caplog)[0]
    bench.has_token = True
    emptied(spool)
    assert stored(operator, "early") == total(20)


def test_an_answer_lost_on_the_way_doubles_nothing(bench: Bench, spool: Spool, gate: Gate, operator: Database) -> None:
    gate.swallow_answers()
    bench.writer.start()
    spool.append(lines("swallowed", 20))
    eventually(lambda: gate.writes, "a try")
    gate.let_through()
    emptied(spool)
    assert stored(operator, "swallowed") == total(20)


def test_good_lines_are_written_and_bad_ones_become_dead_letters_with_the_reason(
    bench: Bench, spool: Spool, operator: Database, caplog: pytest.LogCaptureFixture
) -> None:
    bad = b"quote,base=x,exchange=kraken,pair=partly,quote=usd price=oops %d\n" % (NOW_S * NS)
    old = b"quote,base=x,exchange=kraken,pair=partly,quote=usd price=1 %d\n" % ((NOW_S - 30 * 86_400) * NS)
    spool.append(lines("partly", 20) + bad + old)
    spool.append(lines("partly", 20, NOW_S - 1))
    bench.writer.start()
    emptied(spool)
    assert stored(operator, "partly") == total(20, 20)
    letters = {letter.line.encode() + b"\n": letter for letter in dead_letters.list_letters(bench.letters)}
    assert letters.keys() == {bad, old}
    assert letters[bad].reason == "invalid boolean"
    assert "outside retention policy" in letters[old].reason
    assert (letters[bad].bucket, letters[bad].time[:2]) == ("quotes", "20")
    assert "2 lines for quotes are refused for good" in said(caplog)[0]
    assert (bench.writer.figures.written, bench.writer.figures.refused) == (40, 2)


def test_refused_lines_stay_in_the_spool_while_there_is_no_room_for_dead_letters(
    bench: Bench, spool: Spool, operator: Database, caplog: pytest.LogCaptureFixture
) -> None:
    bench.letters.write_text("no folder")
    spool.append(lines("roomless", 20) + b"quote,pair=roomless price=oops 1\n")
    spool.append(lines("roomless", 20, NOW_S - 1))
    bench.writer.start()
    eventually(lambda: stored(operator, "roomless") == total(20, 20), "the good lines are written")
    assert spool.waiting == 1
    bench.letters.unlink()
    emptied(spool)
    assert len(dead_letters.list_letters(bench.letters)) == 1


def test_a_batch_for_a_bucket_that_is_missing_holds_up_no_other(bench: Bench, spool: Spool, operator: Database) -> None:
    bench.writer.start()
    spool.append(lines("elsewhere", 5), "nosuch")
    eventually(lambda: bench.writer.figures.failures, "a failure")
    for number in range(5):
        spool.append(lines("beside", 20, NOW_S - number))
    eventually(lambda: spool.waiting == 1, "all others are written")
    assert stored(operator, "beside") == total(*[20] * 5)


def test_a_fresh_batch_goes_before_a_backlog_and_the_backlog_oldest_first(
    influxd: Settings, gate: Gate, tmp_path: Path
) -> None:
    age_s = [3600.0]
    spool = Spool(tmp_path / "spool", 100 * MB, clock_ns=lambda: int((time.time() - age_s[0]) * NS))
    for number in range(3):
        spool.append(lines(f"old{number}", 12_000))
    bench = Bench(influxd, gate, spool, tmp_path)
    age_s[0] = 0
    assert bench.writer.step() == 0
    spool.append(lines("fresh1", 10))
    spool.append(lines("fresh2", 11_000))
    spool.append(lines("fresh3", 12_000))
    assert [bench.writer.step() for _ in range(2)] == [0, 0]
    assert [first_pair(seen) for seen in polls_written(gate)] == ["old0", "fresh3", "fresh2"]
    assert b"fresh1" in packing.plain(polls_written(gate)[2].body)
    spool.close()


def test_a_backlog_takes_at_most_half_of_the_time(influxd: Settings, gate: Gate, tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", 100 * MB, clock_ns=lambda: int((time.time() - 3600) * NS))
    for number in range(3):
        spool.append(lines(f"paced{number}", 12_000))
    bench = Bench(influxd, gate, spool, tmp_path)
    began_s = time.time()
    assert bench.writer.step() == 0
    took_s = time.time() - began_s
    rest_s = bench.writer.step()
    assert took_s / 2 < rest_s <= took_s
    assert len(polls_written(gate)) == 1
    spool.close()


def test_a_stop_writes_what_waits(bench: Bench, spool: Spool, operator: Database) -> None:
    bench.writer.start()
    for number in range(50):
        spool.append(lines("stopped", 20, NOW_S - number))
    assert bench.writer.stop(20)
    assert stored(operator, "stopped") == total(*[20] * 50)


def test_a_stop_while_the_database_is_away_is_quick_and_keeps_all(bench: Bench, spool: Spool, gate: Gate) -> None:
    gate.shut()
    bench.writer.start()
    spool.append(lines("away", 20))
    eventually(lambda: bench.writer.figures.failures, "a failure")
    began_s = time.monotonic()
    assert not bench.writer.stop(20)
    assert time.monotonic() - began_s < 5
    assert spool.waiting == 1


class Range(Struct):
    exchange: str
    measurement: str
    start: str
    stop: str


def late(database: Database, exchange: str) -> list[Range]:
    text = """
from(bucket: "events") |> range(start: -1h, stop: 1h)
    |> filter(fn: (r) => r._measurement == "late_range" and r.exchange == params.exchange)
    |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")
    |> group()
"""
    return database.query(text, Range, {"params": {"exchange": exchange}})


def test_what_is_written_late_is_told_with_its_range(bench: Bench, spool: Spool, operator: Database) -> None:
    for time_s in (NOW_S - 3600, NOW_S - 600, time.time() + 60):
        spool.append(lines("tardy", 5, time_s, exchange="tardy"))
    bench.writer.start()
    emptied(spool)
    start, stop = (time.strftime("%FT%TZ", time.gmtime(NOW_S - age_s)) for age_s in (3600, 600))
    assert late(operator, "tardy") == [Range("tardy", "quote", start, stop)]


def test_what_is_written_in_time_is_not_told(bench: Bench, spool: Spool, operator: Database) -> None:
    spool.append(lines("timely", 5, time.time() + 60, exchange="timely"))
    bench.writer.start()
    emptied(spool)
    assert late(operator, "timely") == []


def test_a_late_batch_stays_until_its_range_is_told(bench: Bench, spool: Spool, gate: Gate, operator: Database) -> None:
    spool.append(lines("untold", 5, NOW_S - 3600, exchange="untold"))
    gate.answer_bucket(schema.EVENTS.name, 503)
    bench.writer.start()
    eventually(lambda: bench.writer.figures.failures, "a failure")
    assert (spool.waiting, stored(operator, "untold")) == (1, total(5))
    gate.let_through()
    emptied(spool)
    assert len(late(operator, "untold")) == 1
