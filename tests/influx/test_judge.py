"""Ticks judged after the fact: the same as every tick judged one by one, computed in Python from the points."""

import math
import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from influx import flux, judge
from influx.check import WRITTEN, Check, text
from influx.client import Database
from influx.judge import Status
from tests.influx.checks.points import MINUTE_S, Series, made_checks, new_exchange, write

TICK_S = int(time.time()) // 3600 * 3600 - 3 * 3600
TICKS = range(TICK_S, TICK_S + 5 * MINUTE_S, MINUTE_S)
RATIO = "kind = 'ratio'\nmetric = 'price'\nfactor = 2\nfewest = 3"


def series() -> st.SearchStrategy[Series]:
    """A value a minute with holes, from an hour before the ticks on."""
    value = st.sampled_from([1.0, 1.0, 1.0, 2.0, 2.5, 7.0, 0.1])
    minutes = st.integers(min_value=-61, max_value=5)
    return st.dictionaries(minutes.map(lambda minute: TICK_S + minute * MINUTE_S), value, min_size=1, max_size=40)


def expected(prices: dict[str, Series]) -> set[tuple[str, int]]:
    """Which pairs exceed at which ticks."""
    found = set()
    for pair, values in prices.items():
        for tick_s in TICKS:
            hour = [value for time_s, value in values.items() if tick_s - 3600 <= time_s < tick_s]
            if tick_s in values and len(hour) >= 3 and values[tick_s] > 2 * math.fsum(hour) / len(hour) * (1 + 1e-12):
                found.add((pair, tick_s))
    return found


def found(statuses: list[Status]) -> set[tuple[str, int]]:
    return {(status.pair, status.time_ns // 10**9) for status in statuses}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(prices=st.dictionaries(st.sampled_from(["ausd", "busd", "cusd"]), series(), min_size=1))
def test_a_range_of_ticks_is_judged_as_each_tick_is(operator: Database, prices: dict[str, Series]) -> None:
    exchange = new_exchange()
    for pair, values in prices.items():
        write(operator, exchange, f"{pair[0]}/usd", {"price": values})
    (check,) = made_checks(exchange, RATIO)
    statuses = [status for tick in judge.judge_range(operator, check, TICKS, writes=False) for status in tick]
    assert found(statuses) == expected(prices)
    assert all(status.late for status in statuses)


def test_only_what_is_judged_afterwards_is_marked_late_in_the_database(operator: Database, market: str) -> None:
    check = ratio(market)
    since = datetime.now(UTC)
    in_time = text(check.params, WRITTEN)
    operator.query(in_time, Status, {"params": check.params}, now=judge.moment(TICKS[2]))
    for _ in judge.judge_range(operator, check, TICKS, writes=True):
        pass
    written = operator.query(flux.source("queries/statuses"), Status, {"params": {"from": since}})
    assert [status.late for status in written if status.exchange == market] == [False, True]


@pytest.fixture
def market(operator: Database) -> str:
    """An exchange with a spike at the third tick, and one that is quiet."""
    exchange = new_exchange()
    hour = {TICK_S - minute * MINUTE_S: 1.0 for minute in range(1, 61)}
    write(operator, exchange, "spike/usd", {"price": hour | {TICKS[2]: 9.0}})
    write(operator, exchange, "quiet/usd", {"price": hour | {TICKS[2]: 1.0}})
    return exchange


def ratio(exchange: str) -> Check:
    (check,) = made_checks(exchange, RATIO)
    return check


def test_only_series_that_can_have_broken_the_rule_are_judged_one_by_one(operator: Database, market: str) -> None:
    spike = [judge.Series(market, "spikeusd", 1.0, 9.0)]
    assert judge.possible(operator, ratio(market), TICKS) == spike
    assert judge.possible(operator, ratio(market), TICKS[3:]) == spike  # in its hour
    assert judge.possible(operator, ratio(market), range(TICKS[0], TICKS[2], MINUTE_S)) == []


def test_a_series_that_comes_between_the_two_reads_is_left_for_the_next_look(operator: Database, market: str) -> None:
    text = flux.source("queries/possible")
    late = text.replace("points() |> min()", "points() |> filter(fn: (r) => false) |> min()")
    check = ratio(market)
    params = (
        check.reads
        | check.allows
        | {
            "field": "price",
            "start": judge.moment(TICK_S - 60 * MINUTE_S),
            "stop": judge.moment(TICKS[-1] + 1),
        }
    )
    assert [row.pair for row in operator.query(text, judge.Series, {"params": params})] == ["spikeusd"]
    assert late != text
    assert operator.query(late, judge.Series, {"params": params}) == []


def test_of_their_ticks_only_those_that_are_beyond_any_reference_are_judged(operator: Database, market: str) -> None:
    series = judge.possible(operator, ratio(market), TICKS)
    ticks = judge.possible_ticks(operator, ratio(market), TICKS, series)
    assert ticks == [judge.Tick(market, "spikeusd", judge.moment(TICKS[2]))]
    assert judge.possible_ticks(operator, ratio(market), TICKS[3:], series) == []


def test_an_exchange_that_the_rule_does_not_name_is_not_judged(operator: Database, market: str) -> None:
    assert judge.possible(operator, ratio(market), TICKS, ["another"]) == []
    assert judge.possible(operator, ratio(market), TICKS, ["another", market]) != []


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ("kind = 'move'\nmetric = 'price'\npercent = 50\nwithin = '5m'\ndirection = 'up'", 1),
        ("kind = 'move'\nmetric = 'price'\npercent = 50\nwithin = '5m'\ndirection = 'down'", 0),
        ("kind = 'level'\nmetric = 'price'\nabove = 8", 1),
        ("kind = 'level'\nmetric = 'price'\nbelow = 8", 1),
        ("kind = 'level'\nmetric = 'price'\nbelow = 0.5", 0),
    ],
)
def test_every_kind_of_rule_is_judged_afterwards(operator: Database, market: str, rule: str, count: int) -> None:
    (check,) = made_checks(market, rule)
    assert sum(len(tick) for tick in judge.judge_range(operator, check, TICKS, writes=False)) == count
