"""The first start on an exchange that has a day behind it: rank and chart are full as soon as its limit allows.

Simulator, collector, influxd and API are processes of their own. What the API answers must equal what the simulator's
candles say of the day before the start, as far as the exchange gives it, and what was polled since.
"""

import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from collector.candle_source import Candled
from collector.exchanges import native
from collector.heal_thread import calls_each
from collector.minutes import MINUTE_S, Span, minute_of, minute_of_tick
from influx import tokens
from influx.client import Database
from influx.settings import Settings
from influx.stack import Setup
from tests.api import process
from tests.api.full_scan import close
from tests.collector.collector_process import INTERVAL_S, Collector, identity, rows, seconds
from tests.collector.simulated_candles import candle_calls, closes, codes
from tests.eventually import eventually
from tests.exchange_simulator.journal import Request
from tests.exchange_simulator.running import Running, simulator
from tests.influx.task_runs import run_task

DAY_S = 86_400
PAIRS = 6
SHARE = 50
"""Percent of the limit: the most that the setting takes."""
POLLED_S = 10
"""A tick's quotes are in the database by then. Also what candles may lose to polls, which go first."""

Values = dict[int, float]
"""By tick."""


class Started(NamedTuple):
    """What there is once the first round is over, and what the API says."""

    exchange: Candled
    report: str
    took_s: float
    candles: dict[str, Values]
    """By pair the closes of the candles that the exchange gave, at their ticks."""
    healed: dict[str, Values]
    polled: dict[str, Values]
    metrics: dict[str, Any]
    ranks: dict[str, Any]
    backfill: dict[str, Any]

    @property
    def minute_s(self) -> int:
        """The board's minute."""
        (minute,) = {answer["time"] for answer in (*self.metrics.values(), *self.ranks.values())}
        return int(datetime.fromisoformat(minute).timestamp())

    def of_day(self, values: Values) -> Values:
        """Those of the 24 h up to the board's minute, the oldest first."""
        return {tick: value for tick, value in sorted(values.items()) if self.minute_s - DAY_S < tick <= self.minute_s}

    def known(self, pair: str) -> Values:
        """What the simulator's candles and the polls say together."""
        return self.of_day(self.candles[pair] | self.polled[pair])


@pytest.fixture(scope="module")
def market() -> Iterator[Running]:
    with simulator(pairs=PAIRS, seed=8) as running:
        yield running


@pytest.fixture(autouse=True)
def one_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    """The API is told the collector's interval."""
    monkeypatch.setenv("COINWATCH_INTERVAL", f"{INTERVAL_S}s")


def started(settings: Settings, market: Running, name: str) -> Started:
    """Starts everything on one exchange, and asks the API when the round is over and the board is made."""
    exchange = cast(Candled, native()[name]())
    pairs = {one.pair: code for code, one in codes(market, name).items()}
    yesterday = Span(minute_of(time.time()) - DAY_S - MINUTE_S, minute_of(time.time()) + DAY_S)
    said = {pair: closes(market, name, code, yesterday) for pair, code in pairs.items()}
    Setup(settings).run()
    variables = {"COINWATCH_BACKFILL": "1", "COINWATCH_HISTORY_SHARE": str(SHARE), "COINWATCH_WATCH": "0"}
    began_s = time.time()
    with Collector(settings, market, COINWATCH_EXCHANGES=name, **variables) as collector:
        eventually(lambda: candle_calls(market, began_s), "a call for candles", every_s=0.1)
        report = eventually(lambda: filled(collector), "the end of the round", within_s=60, every_s=0.1)
        calls = candle_calls(market, began_s)
        took_s = time.time() - calls[0].at
        eventually(lambda: time.time() > calls[-1].at + POLLED_S, "a poll behind the round")
        collector.emptied()
        database = Database(settings.url, settings.influx_org, tokens.read(settings, tokens.OPERATOR) or "")
        run_task(database, "board", datetime.fromtimestamp(minute_of(time.time() - POLLED_S), UTC))
        with process.running(settings, workers=1) as api:
            api.up()
            metrics = {pair: ask(settings, f"metrics/{pair}?every=1m") for pair in pairs}
            ranks = {pair: ask(settings, f"rank/{pair}") for pair in pairs}
            (backfill,) = ask(settings, "readyz")["backfill"]
        healed, polled = stored(database)
        database.close()
    first_tick_s = min(tick for values in polled.values() for tick in values)
    given: dict[str, Values] = {}
    for pair, code in pairs.items():
        first_call = next(call for call in calls if f"={code}&" in f"{call.path}&")
        end_s = minute_of_tick(first_tick_s)
        span = Span(max(end_s - DAY_S, oldest_s(exchange, first_call)), end_s)
        both = said[pair] | closes(market, name, code, yesterday)
        given[pair] = {minute + MINUTE_S: price for minute, price in both.items() if minute in span}
    return Started(exchange, report, took_s, given, healed, polled, metrics, ranks, backfill)


def oldest_s(exchange: Candled, call: Request) -> int:
    """The oldest minute that could be had when the call was thought of; one may begin while it waits for its turn."""
    if exchange.candle_depth is None:
        return 0
    (since,) = parse_qs(urlsplit(call.path).query)["since"]
    asked_s = int(since) + MINUTE_S
    depth_s = (exchange.candle_depth - 1) * MINUTE_S
    assert asked_s + depth_s in (minute_of(call.at), minute_of(call.at - POLLED_S))
    return asked_s


def filled(collector: Collector) -> str:
    """What the collector says at the end of the first round, once it does."""
    said = [line for line in collector.said("coinwatch.history") if "filled from candles" in line]
    return said[0] if said else ""


def ask(settings: Settings, path: str) -> Any:
    """An answer of the API, once there is a board."""

    def answer() -> Any:
        found = requests.get(f"http://127.0.0.1:{settings.api_port}/{path}", timeout=10)
        return found.json() if found.status_code == 200 else None

    return eventually(answer, path, every_s=0.1)


def stored(database: Database) -> tuple[dict[str, Values], dict[str, Values]]:
    """By pair the prices that were healed, and those that were polled."""
    marked = set(map(identity, rows(database, "healed")))
    healed: defaultdict[str, Values] = defaultdict(dict)
    polled: defaultdict[str, Values] = defaultdict(dict)
    for row in rows(database, "price"):
        kind = healed if identity(row) in marked else polled
        kind[row["pair"]][seconds(row["_time"])] = float(row["_value"])
    return healed, polled


def assert_full(start: Started) -> None:
    """Statistics, chart and rank of every pair equal what simulator and polls say."""
    deviations = {pair: statistics.stdev(start.known(pair).values()) for pair in start.metrics}
    assert len(deviations) == PAIRS
    for pair, answer in start.metrics.items():
        assert start.healed[pair] == start.candles[pair]
        known = start.known(pair)
        newest = {minute_of(tick): value for tick, value in known.items()}
        chart = {seconds(point["time"]): point["value"] for point in answer["chart"]}
        assert chart == newest
        figures = answer["statistics"]
        assert (figures["count"], figures["first"]) == (len(known), next(iter(known.values())))
        assert (figures["min"], figures["max"]) == (min(known.values()), max(known.values()))
        assert close(figures["mean"], statistics.fmean(known.values()))
        assert close(figures["stddev"], deviations[pair])
        rank = start.ranks[pair]
        assert (rank["rank"], rank["of"]) == (1 + sum(one > deviations[pair] for one in deviations.values()), PAIRS)
        assert close(rank["value"], deviations[pair])


def allowed_s(start: Started) -> float:
    """How long the limit lets the first round take, by the adapter's facts: how many calls a day is, at what pace."""
    calls = PAIRS * calls_each(start.exchange, Span(0, DAY_S))
    return calls * 60 / (start.exchange.candle_requests_per_minute * SHARE / 100)


def test_rank_and_chart_are_full_within_the_time_that_the_limit_allows(
    empty_influxd: Settings, market: Running
) -> None:
    start = started(empty_influxd, market, "binance")
    assert start.took_s < allowed_s(start) + POLLED_S
    assert_full(start)
    for answer in start.metrics.values():
        assert len(answer["chart"]) == DAY_S // MINUTE_S
        assert answer["statistics"]["coverage"] > 1 - MINUTE_S / DAY_S


def test_what_an_exchange_does_not_give_any_more_is_told_as_missing(empty_influxd: Settings, market: Running) -> None:
    start = started(empty_influxd, market, "kraken")
    assert start.took_s < allowed_s(start) + POLLED_S
    assert_full(start)
    lost = sum(DAY_S // MINUTE_S - len(values) for values in start.candles.values())
    assert lost >= PAIRS * 720
    assert f"; {lost} minutes are not to be had from it and stay holes" in start.report
    assert (start.backfill["exchange"], start.backfill["lost"], start.backfill["done"]) == ("kraken", lost, PAIRS)
    for pair, answer in start.metrics.items():
        points = answer["statistics"]["points"]
        healed, polled = (len(start.of_day(values[pair])) for values in (start.healed, start.polled))
        assert (points["expected"], points["polled"]) == (DAY_S // INTERVAL_S, polled)
        assert points["healed"] == healed * MINUTE_S // INTERVAL_S
        assert points["missing"] == points["expected"] - points["polled"] - points["healed"]
        assert points["missing"] > DAY_S // INTERVAL_S * 0.49
        assert close(answer["statistics"]["coverage"], 1 - points["missing"] / points["expected"])
