"""Checks that read the same of their metrics are one run: it raises what each would alone."""

from collections import Counter
from collections.abc import Sequence

import pytest

from influx.check import Check, params, runs, text
from influx.client import Database
from influx.judge import Status, moment
from tests.influx.checks.points import MINUTE_S, TICK_S, Series, flat, made_checks, new_exchange, write

METRICS = ("price", "volume")


def statuses(database: Database, checks: Sequence[Check]) -> set[Status]:
    """What one run of these checks raises at the tick."""
    given = params(checks)
    return set(database.query(text(given), Status, {"params": given}, now=moment(TICK_S)))


def raised(found: set[Status]) -> list[tuple[str, str, float]]:
    return sorted((status.metric, status.pair, status.price) for status in found)


def hundred_but(newest: list[float]) -> Series:
    """An hour and more of 100, and at the tick and the minutes before it these values, the newest first."""
    return flat(70, 100.0) | {TICK_S - minute * MINUTE_S: value for minute, value in enumerate(newest)}


@pytest.fixture
def exchange(operator: Database) -> str:
    """One on which pairs spike and fall in price, in volume, in both and in neither, for a minute and for longer."""
    name = new_exchange()
    high, low, quiet, long = [400.0], [20.0], [100.0], [400.0] * 4
    for pair, price, volume, turnover in (
        ("price", high, quiet, 1e6),
        ("volume", quiet, high, 1e6),
        ("both", high, high, 1e6),
        ("neither", quiet, quiet, 1e6),
        ("long", long, long, 1e6),
        ("against", high, low, 1e6),
        ("small", high, high, 1e3),
    ):
        fields = {"price": hundred_but(price), "volume": hundred_but(volume), "quote_volume": {TICK_S: turnover}}
        write(operator, name, f"{pair}/usd", fields)
    write(operator, name, "unpriced/usd", {"volume": hundred_but(high)})
    write(operator, name, "novolume/usd", {"price": hundred_but(high)})
    return name


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("kind = 'ratio'\nfactor = 3", 10),
        ("kind = 'ratio'\nfactor = 3\nfloor = 1e5", 7),
        ("kind = 'ratio'\nfactor = 3\nfor = '2m'", 2),
        ("kind = 'ratio'\nfactor = 3\nfor = '2m'\nfloor = 1e5", 2),
        ("kind = 'ratio'\nfactor = 3\nfewest = 61", 0),
        ("kind = 'move'\npercent = 50\nwithin = '10m'\ndirection = 'down'", 1),
        ("kind = 'move'\npercent = 50\nwithin = '10m'\ndirection = 'up'\nfloor = 1e5", 7),
        ("kind = 'level'\nabove = 300", 10),
        ("kind = 'level'\nbelow = 50\nfloor = 1e5", 1),
        ("kind = 'level'\nabove = 300\nfor = '2m'", 2),
    ],
)
def test_one_run_raises_what_each_would_alone(operator: Database, exchange: str, rule: str, found: int) -> None:
    both = made_checks(exchange, *(f"metric = '{metric}'\n{rule}" for metric in METRICS))
    alone = [statuses(operator, [check]) for check in both]
    together = statuses(operator, both)
    assert together == set.union(*alone)
    assert len(together) == found


def test_in_one_run_each_allows_its_own(operator: Database, exchange: str) -> None:
    ratio = "kind = 'ratio'\nfactor"
    rules = [
        f"metric = 'price'\n{ratio} = 3",
        f"metric = 'volume'\n{ratio} = 3.9",
        f"metric = 'price'\n{ratio} = 4.1",
        f"metric = 'volume'\n{ratio} = 3\nfewest = 61",
    ]
    asked = made_checks(exchange, *rules)
    (run,) = runs(asked)
    assert run == asked
    found = statuses(operator, run)
    assert found == set.union(*(statuses(operator, [check]) for check in asked))
    assert Counter(status.rule for status in found) == {"tried0": 6, "tried1": 3}


def test_one_run_tells_metric_and_price_of_each(operator: Database, exchange: str) -> None:
    both = made_checks(exchange, *(f"metric = '{metric}'\nkind = 'ratio'\nfactor = 3" for metric in METRICS))
    assert raised(statuses(operator, both)) == [
        ("price", "againstusd", 400.0),
        ("price", "bothusd", 400.0),
        ("price", "longusd", 400.0),
        ("price", "novolumeusd", 400.0),
        ("price", "priceusd", 400.0),
        ("price", "smallusd", 400.0),
        ("volume", "bothusd", 400.0),
        ("volume", "longusd", 400.0),
        ("volume", "smallusd", 400.0),
        ("volume", "volumeusd", 100.0),
    ]
