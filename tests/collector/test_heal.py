"""Healing one series, on the real database: what was polled is untouched, what is filled in is marked."""

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct

from collector.answered import Answered
from collector.candle_source import Candled
from collector.exchange import Candle
from collector.heal import Healed, Healer
from collector.lines import NS, tags
from collector.minutes import MINUTE_S, Span, minute_of
from collector.stored import Stored
from influx import tokens
from influx.client import Database
from influx.settings import Settings
from tests.collector.made_candles import Exchange, Kept, adapter, answering, candle, series, source

NOW = minute_of(time.time())
SPAN = Span(NOW - 20 * MINUTE_S, NOW - 2 * MINUTE_S)
BTC = series("btc")


class Direct:
    def __init__(self, database: Database) -> None:
        self.database = database

    def append(self, lines: bytes, bucket: str) -> None:
        self.database.write(bucket, lines)


class Cell(Struct):
    time: datetime = msgspec.field(name="_time")
    field: str = msgspec.field(name="_field")
    value: str = msgspec.field(name="_value")


@pytest.fixture(scope="module")
def database(influxd: Settings) -> Iterator[Database]:
    found = tokens.connect(influxd, tokens.COLLECTOR)
    assert found is not None
    yield found
    found.close()


def stored(database: Database, exchange: str, measurement: str) -> dict[int, dict[str, str]]:
    """All points of an exchange's measurement: by Unix seconds, each field's value as the database writes it."""
    points: dict[int, dict[str, str]] = {}
    for cell in database.query(
        """from(bucket: "quotes") |> range(start: 0, stop: 1h)
            |> filter(fn: (r) => r.exchange == params.exchange and r._measurement == params.measurement)
            |> toString()""",
        Cell,
        {"params": {"exchange": exchange, "measurement": measurement}},
    ):
        points.setdefault(int(cell.time.timestamp()), {})[cell.field] = cell.value
    return points


def poll(database: Database, exchange: str, minutes: list[int], price: float = 7.5) -> None:
    """Quotes at the ticks of these minutes."""
    prefix = f"quote,{tags(exchange, BTC.market)} price={price!r},volume=1000.0"
    database.write("quotes", "\n".join(f"{prefix} {(minute + MINUTE_S) * NS}" for minute in minutes).encode())


def walk(minutes: list[int]) -> dict[int, Candle]:
    return {minute: candle(minute, 100.0 + number) for number, minute in enumerate(minutes)}


class Bench:
    """One healer with its exchange."""

    def __init__(self, database: Database, folder: Path, made: Candled, backfill: bool = True) -> None:
        self.exchange = Exchange({})
        self.database, self.name, self.folder, self.made = database, made.name, folder, made
        self.backfill = backfill

    def heal(self, span: Span = SPAN) -> Healed:
        sink = Direct(self.database)
        healer = Healer(
            source(self.made, self.folder, sink),
            Stored(self.database, self.name),
            Answered(self.folder / "answered", 0),
            sink,
            backfill=self.backfill,
        )
        with answering(self.exchange):
            return healer.heal(BTC, span)

    def points(self, measurement: str) -> dict[int, dict[str, str]]:
        return stored(self.database, self.name, measurement)


def test_every_minute_is_there_healed_ones_marked_and_polled_ones_untouched(database: Database, tmp_path: Path) -> None:
    bench = Bench(database, tmp_path, adapter("heal-mixed"))
    polled = list(SPAN)[:5] + list(SPAN)[12:]
    poll(database, bench.name, polled)
    bench.exchange.candles["BTCUSD"] = walk(list(SPAN))
    assert bench.heal() == Healed(healed=7)
    quotes = bench.points("quote")
    assert sorted(quotes) == [minute + MINUTE_S for minute in SPAN]
    for number, minute in enumerate(SPAN):
        expected = (
            {"price": "7.5", "volume": "1000"} if minute in polled else {"price": str(100 + number), "healed": "true"}
        )
        assert quotes[minute + MINUTE_S] == expected
    candles = bench.points("candle")
    assert sorted(candles) == list(SPAN)[5:12]
    assert candles[list(SPAN)[5]] == {"open": "105", "high": "106", "low": "104", "close": "105", "volume": "1"}
    assert bench.exchange.calls == [("BTCUSD", Span(list(SPAN)[5], list(SPAN)[12]))]


def test_what_was_answered_is_not_asked_for_again_also_where_nothing_came(database: Database, tmp_path: Path) -> None:
    bench = Bench(database, tmp_path, adapter("heal-twice"))
    bench.exchange.candles["BTCUSD"] = walk(list(SPAN)[10:])
    assert bench.heal() == Healed(healed=8, lost=10)
    assert bench.heal() == Healed()
    assert len(bench.exchange.calls) == 1


def test_a_span_that_is_too_long_for_one_call_takes_several(database: Database, tmp_path: Path) -> None:
    bench = Bench(database, tmp_path, adapter("heal-long", per_call=7))
    bench.exchange.candles["BTCUSD"] = walk(list(SPAN))
    assert bench.heal() == Healed(healed=18)
    assert [len(span) for _, span in bench.exchange.calls] == [7, 7, 4]


def test_what_the_exchange_no_longer_has_is_lost_and_not_asked_for(database: Database, tmp_path: Path) -> None:
    bench = Bench(database, tmp_path, adapter("heal-depth", depth=10))
    now = minute_of(time.time())  # the depth counts from now, not from the module's start
    span = Span(now - 20 * MINUTE_S, now - 2 * MINUTE_S)
    bench.exchange.candles["BTCUSD"] = walk(list(span))
    healed = bench.heal(span)
    assert healed.healed + healed.lost == 18
    assert healed.healed == pytest.approx(7, abs=1)
    assert all(span.start_s >= now - 10 * MINUTE_S for _, span in bench.exchange.calls)


def test_a_quiet_minute_is_a_flat_candle_and_keeps_the_price(database: Database, tmp_path: Path) -> None:
    bench = Bench(database, tmp_path, adapter("heal-quiet"))
    first, *rest = SPAN
    bench.exchange.candles["BTCUSD"] = {first: candle(first, 50.0)}
    assert bench.heal() == Healed(healed=18)
    assert bench.points("candle")[rest[3]] == {"open": "50", "high": "50", "low": "50", "close": "50", "volume": "0"}
    assert bench.points("quote")[rest[3] + MINUTE_S] == {"price": "50", "healed": "true"}


def test_a_pair_without_any_trade_in_the_hole_keeps_its_price_if_polls_on_both_sides_agree(
    database: Database, tmp_path: Path
) -> None:
    bench = Bench(database, tmp_path, adapter("heal-thin"))
    poll(database, bench.name, [SPAN.start_s - MINUTE_S, SPAN.end_s])
    assert bench.heal() == Healed(healed=18)


def test_an_empty_answer_between_unlike_prices_stays_a_hole(database: Database, tmp_path: Path) -> None:
    bench = Bench(database, tmp_path, adapter("heal-unlike"))
    poll(database, bench.name, [SPAN.start_s - MINUTE_S], price=7.5)
    poll(database, bench.name, [SPAN.end_s], price=7.6)
    assert bench.heal() == Healed(lost=18)


def test_without_backfill_only_what_lies_behind_the_first_price_is_healed(database: Database, tmp_path: Path) -> None:
    bench = Bench(database, tmp_path, adapter("heal-only"), backfill=False)
    bench.exchange.candles["BTCUSD"] = walk(list(SPAN))
    assert bench.heal() == Healed()
    poll(database, bench.name, [list(SPAN)[9], list(SPAN)[12]])
    assert bench.heal() == Healed(healed=7)
    assert min(bench.points("quote")) == list(SPAN)[9] + MINUTE_S


def test_while_the_spool_has_no_room_it_waits_and_loses_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = Kept(full=2)
    exchange = Exchange({"BTCUSD": walk(list(SPAN))})
    asking = source(adapter("heal-full"), tmp_path, sink)
    waits: list[float] = []
    monkeypatch.setattr(asking, "pause", waits.append)
    healer = Healer(asking, Stored(database, "heal-full"), Answered(tmp_path / "answered", 0), sink)
    with answering(exchange):
        assert healer.heal(BTC, SPAN) == Healed(healed=18)
    assert waits.count(1.0) == 2
    assert len(sink.lines) == 36


def test_while_the_database_is_behind_no_candles_are_fetched(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind = [30.0, 20.0, 0.0]
    exchange = Exchange({"BTCUSD": walk(list(SPAN))})
    asking = source(adapter("heal-behind"), tmp_path, Kept())
    calls_at_wait: list[int] = []
    monkeypatch.setattr(asking, "pause", lambda seconds: calls_at_wait.append(len(exchange.calls)) if seconds else None)
    healer = Healer(
        asking, Stored(database, "heal-behind"), Answered(tmp_path / "answered", 0), Kept(), lambda: behind.pop(0)
    )
    with answering(exchange):
        healer.heal(BTC, SPAN)
    assert calls_at_wait == [0, 0]


def test_at_a_shorter_interval_one_poll_in_a_minute_is_enough(database: Database, tmp_path: Path) -> None:
    bench = Bench(database, tmp_path, adapter("heal-often"))
    bench.exchange.candles["BTCUSD"] = walk(list(SPAN))
    prefix = f"quote,{tags(bench.name, BTC.market)} price=7.5"
    ticks = [minute + 20 for minute in SPAN if minute != list(SPAN)[4]]
    database.write("quotes", "\n".join(f"{prefix} {tick * NS}" for tick in ticks).encode())
    assert bench.heal() == Healed(healed=1)
