"""The collector as a process against the simulator, which has a day of candles behind it.

First start, kill -9 in the middle, a stop of three hours: what is stored equals what the exchange's candles say,
nothing is fetched twice, and the request rate stays within the share.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from msgspec import Struct

from collector import heal_command
from collector.lines import NS, tags
from collector.minutes import MINUTE_S, Span, minute_of, minute_of_tick
from collector.spool import Spool
from influx import tokens
from influx.client import Database
from influx.settings import Settings
from influx.stack import Setup
from tests.collector.collector_process import Collector
from tests.collector.simulated_candles import candle_calls, closes, codes
from tests.eventually import eventually
from tests.exchange_simulator.journal import Request
from tests.exchange_simulator.running import Running, simulator

DAY_MIN = 1440
PAIRS = 6


class Row(Struct):
    pair: str
    time: datetime = msgspec.field(name="_time")
    field: str = msgspec.field(name="_field")
    value: str = msgspec.field(name="_value")


class Quoted(Struct):
    """A minute's quotes as stored: the last price, and whether it was healed."""

    price: float = 0.0
    healed: bool = False


@pytest.fixture
def settings(empty_influxd: Settings) -> Settings:
    Setup(empty_influxd).run()
    return empty_influxd


@pytest.fixture(scope="module")
def market() -> Iterator[Running]:
    with simulator(pairs=PAIRS, seed=5) as running:
        yield running


def database(settings: Settings) -> Database:
    found = tokens.connect(settings, tokens.COLLECTOR)
    assert found is not None
    return found


def quotes(settings: Settings, exchange: str) -> dict[str, dict[int, Quoted]]:
    """By pair and minute what is stored."""
    connection = database(settings)
    rows = connection.query(
        """from(bucket: "quotes") |> range(start: -2d, stop: 1h)
            |> filter(fn: (r) => r._measurement == "quote" and r.exchange == params.exchange)
            |> filter(fn: (r) => r._field == "price" or r._field == "healed")
            |> toString() |> group() |> keep(columns: ["pair", "_time", "_field", "_value"])""",
        Row,
        {"params": {"exchange": exchange}},
    )
    connection.close()
    found: dict[str, dict[int, Quoted]] = {}
    for row in rows:
        quoted = found.setdefault(row.pair, {}).setdefault(minute_of_tick(row.time.timestamp()), Quoted())
        if row.field == "healed":
            quoted.healed = True
        else:
            quoted.price = float(row.value)
    return found


def asked_minutes(call: Request) -> list[tuple[str, int]]:
    """(code, minute) of everything that a call to Binance asked for."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(call.path).query).items()}
    span = Span(int(query["startTime"]) // 1000, (int(query["endTime"]) + 1) // 1000)
    return [(query["symbol"], minute) for minute in span]


def full(settings: Settings, exchange: str, minutes: int) -> Callable[[], dict[str, dict[int, Quoted]]]:
    """Looks whether every pair has so many of the last day's minutes; gives what is stored once it is so."""

    def look() -> dict[str, dict[int, Quoted]]:
        stored = quotes(settings, exchange)
        return stored if len(stored) == PAIRS and all(len(found) >= minutes for found in stored.values()) else {}

    return look


def reports(collector: Collector) -> list[str]:
    """What the collector says at the end of a round."""
    return [line for line in collector.said("coinwatch.history") if "filled from candles" in line]


def assert_paced(calls: list[Request], per_minute: float) -> None:
    """No stretch of five calls or more is shorter than their turns."""
    for first, last in zip(calls, calls[5:], strict=False):
        assert last.at - first.at > 0.9 * 5 * 60 / per_minute
    assert len(calls) > 5


@pytest.mark.parametrize(
    ("exchange", "minutes", "per_minute", "calls_each"), [("binance", 1438, 60, 2), ("kraken", 718, 15, 1)]
)
def test_the_first_start_fills_the_day_within_the_time_that_the_limit_allows(
    settings: Settings, market: Running, exchange: str, minutes: int, per_minute: int, calls_each: int
) -> None:
    began_s = time.time()
    share = "2" if exchange == "binance" else "25"  # of 3,000 and of 60 calls a minute
    allowed_s = PAIRS * calls_each * 60 / per_minute
    variables = {"COINWATCH_BACKFILL": "1", "COINWATCH_HISTORY_SHARE": share, "COINWATCH_WATCH": "0"}
    with Collector(settings, market, COINWATCH_EXCHANGES=exchange, **variables) as collector:
        stored = eventually(full(settings, exchange, minutes), "a full day", within_s=allowed_s + 20, every_s=0.5)
        (report,) = eventually(
            lambda: [line for line in collector.said("coinwatch.history") if "filled" in line], "report"
        )
    assert_paced(candle_calls(market, began_s), per_minute)
    assert report.startswith(f"{exchange}: ")
    assert ("not to be had" in report) == (exchange == "kraken")
    for code, one in codes(market, exchange).items():
        healed = {minute: quoted.price for minute, quoted in stored[one.pair].items() if quoted.healed}
        span = Span(min(healed), max(healed) + MINUTE_S)
        assert len(healed) == len(span)
        assert healed == closes(market, exchange, code, span)


def test_after_kill_9_in_the_middle_nothing_is_fetched_twice_and_nothing_is_missing(
    settings: Settings, market: Running
) -> None:
    began_s = time.time()
    variables = {"COINWATCH_BACKFILL": "1", "COINWATCH_HISTORY_SHARE": "2", "COINWATCH_WATCH": "0"}
    collector = Collector(settings, market, COINWATCH_EXCHANGES="binance", **variables)
    collector.start()
    eventually(lambda: len(candle_calls(market, began_s)) >= 5, "some calls", within_s=40)
    collector.kill()
    before = candle_calls(market, began_s)
    with collector:
        eventually(lambda: reports(collector), "the end of the second round", within_s=60, every_s=0.1)
        collector.emptied()
        stored = quotes(settings, "binance")
    after = candle_calls(market, began_s)[len(before) :]
    # An exchange's candles are asked for by one thread, a call at a time: at the kill one call at most, the last one,
    # was under way, or its answer not yet noted. Nothing else may be asked for again, and that only once.
    asked = Counter(minute for call in [*before, *after] for minute in asked_minutes(call))
    twice = {minute for minute, times in asked.items() if times > 1}
    assert twice <= set(asked_minutes(before[-1]))
    assert max(asked.values()) <= 2
    assert after
    assert len(before) + len(after) <= 2 * PAIRS + 1
    for code, one in codes(market).items():
        found = stored[one.pair]
        assert list(Span(min(found), max(found) + MINUTE_S)) == sorted(found)
        assert len(found) >= DAY_MIN
        healed = {minute: quoted.price for minute, quoted in found.items() if quoted.healed}
        said = closes(market, "binance", code, Span(min(healed), max(healed) + MINUTE_S))
        assert healed == {minute: said[minute] for minute in healed}


def test_after_a_stop_of_three_hours_every_minute_is_there_and_polled_ones_are_untouched(
    settings: Settings, market: Running
) -> None:
    now = minute_of(time.time())
    polled = Span(now - DAY_MIN * MINUTE_S, now - 180 * MINUTE_S)
    connection = database(settings)
    for one in codes(market).values():
        prefix = f"quote,{tags('binance', one)} price=7.25,volume=3.5"
        connection.write("quotes", "\n".join(f"{prefix} {(minute + 60) * NS}" for minute in polled).encode())
    connection.close()
    began_s = time.time()
    variables = {"COINWATCH_HISTORY_SHARE": "2", "COINWATCH_WATCH": "0", "COINWATCH_EXCHANGES": "binance"}
    with Collector(settings, market, **variables):  # backfill is off: this is healing
        stored = eventually(full(settings, "binance", DAY_MIN), "a full day", within_s=60, every_s=0.5)
    assert_paced(candle_calls(market, began_s), 60)
    assert len(candle_calls(market, began_s)) == PAIRS
    for found in stored.values():
        assert all(found[minute] == Quoted(7.25, healed=False) for minute in polled)
        stopped = [found[minute] for minute in range(polled.end_s, minute_of(began_s) - MINUTE_S, MINUTE_S)]
        assert len(stopped) >= 178
        assert all(quoted.healed and quoted.price != 7.25 for quoted in stopped)


def test_the_watch_list_brings_every_closed_minute_as_the_exchange_states_it(
    settings: Settings, market: Running
) -> None:
    began_s = time.time()
    with Collector(settings, market, COINWATCH_EXCHANGES="binance", COINWATCH_WATCH="btcusd,ethusd"):
        candles = eventually(
            lambda: found if len(found := stored_candles(settings, "btcusd")) >= 2 else {},
            "candles of two minutes",
            within_s=80,
            every_s=0.5,
        )
    assert candles == closes(market, "binance", "BTCUSD", Span(min(candles), max(candles) + MINUTE_S))
    watched = {asked_minutes(call)[0][0] for call in candle_calls(market, began_s)}
    assert watched <= {"BTCUSD", "ETHUSD"}


def stored_candles(settings: Settings, pair: str) -> dict[int, float]:
    """Closes by minute."""
    connection = database(settings)
    rows = connection.query(
        """from(bucket: "quotes") |> range(start: -1d, stop: 1h)
            |> filter(fn: (r) => r._measurement == "candle" and r.pair == params.pair and r._field == "close")
            |> toString()""",
        Row,
        {"params": {"pair": pair}},
    )
    connection.close()
    return {int(row.time.timestamp()): float(row.value) for row in rows}


def test_the_heal_command_fills_what_is_missing_since_a_time(
    settings: Settings, market: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Collector(settings, market, COINWATCH_EXCHANGES="binance", COINWATCH_WATCH="0") as collector:
        eventually(lambda: len(quotes(settings, "binance")) == PAIRS, "first quotes", within_s=40, every_s=0.5)
        collector.emptied()
    asked = msgspec.structs.replace(
        settings, exchanges=["binance"], exchange_urls={"binance": market.exchange_url("binance")}
    )
    arguments = argparse.Namespace(since=int(time.time()) - 7200)
    assert heal_command.command(arguments, asked) == 0
    assert f"minutes of {PAIRS} pairs filled from candles" in capsys.readouterr().err
    assert all(len(found) >= 118 for found in quotes(settings, "binance").values())


def test_the_heal_command_waits_for_what_is_in_the_spool(
    settings: Settings, market: Running, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = settings.home / "spool"
    spool = Spool(folder, 10**7)
    spool.append(b"quote,base=btc,exchange=binance,pair=btcusd,quote=usd price=1.0 1000000000")
    monkeypatch.setattr(heal_command, "WRITTEN_WITHIN_S", 0.1)
    assert heal_command.command(argparse.Namespace(since=0), settings) == 1
    assert "quotes wait in the spool" in capsys.readouterr().err
    spool.close()
