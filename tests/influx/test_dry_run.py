"""`python -m influx rules`: what it says of the rules, and how often each would have fired."""

import time

import pytest

from influx import dry_run, rules, tokens
from influx.client import Database
from influx.settings import Settings
from influx.stack import Setup
from tests.influx.checks.points import MINUTE_S, made_checks, new_exchange, write
from tests.influx.command import influx_command

HOUR_S = 3600
NOW_S = int(time.time()) // MINUTE_S * MINUTE_S
THEN_S = NOW_S - 96 * HOUR_S
"""In the database that all tests share: other tests look at alerts of the last day."""


@pytest.fixture
def market(operator: Database) -> str:
    """An exchange whose pair spikes twice within the 24 hours before THEN_S, and once before those."""
    exchange = new_exchange()
    spiking(operator, exchange, THEN_S)
    return exchange


def spiking(database: Database, exchange: str, now_s: int) -> None:
    """Writes a pair that spikes twice within the last 24 hours, and once before."""
    spikes = [now_s - 26 * HOUR_S, now_s - 23 * HOUR_S, now_s - 2 * HOUR_S]
    prices = {time_s - ago * MINUTE_S: 1.0 for time_s in spikes for ago in range(1, 61)}
    write(database, exchange, "doge/usd", {"price": prices | dict.fromkeys(spikes, 9.0)})


def test_a_dry_run_counts_what_each_rule_would_have_raised_and_writes_nothing(operator: Database, market: str) -> None:
    (check,) = made_checks(market, "kind = 'ratio'\nmetric = 'price'\nfactor = 3")
    (fired,) = dry_run.run(operator, iter(dry_run.steps([check], THEN_S)))
    assert fired.told == f"tried0: 2: dogeusd on {market} 2"
    assert "tried0" not in raised(operator, market)


def raised(operator: Database, exchange: str) -> str:
    """The statuses of an exchange, as CSV."""
    text = 'from(bucket: "_monitoring") |> range(start: -1h) |> filter(fn: (r) => r.exchange == params.exchange)'
    return operator.query_csv(text, {"params": {"exchange": exchange}}).decode()


def test_both_directions_of_a_move_are_one_rule(operator: Database, market: str) -> None:
    moves = made_checks(market, "kind = 'move'\nmetric = 'price'\npercent = 50\nwithin = '5m'")
    (fired,) = dry_run.run(operator, iter(dry_run.steps(moves, THEN_S)))
    assert fired.series.total() == 2


def test_the_steps_cover_a_day_of_ticks_once_each() -> None:
    for interval_s in (5, 7, 60):
        (check,) = made_checks("kraken", "kind = 'level'\nmetric = 'price'\nabove = 1", interval_s=interval_s)
        ticks = [tick for step in dry_run.steps([check], NOW_S) for tick in step.ticks]
        assert len(ticks) == len(set(ticks)) == 24 * HOUR_S // interval_s
        assert ticks[-1] == check.newest_s(NOW_S)


def test_the_command_lists_the_rules_and_names_a_mistake(empty_home: Settings) -> None:
    listed = influx_command(empty_home, "rules")
    assert listed.returncode == 0
    assert listed.stdout.splitlines()[0].startswith("price_3x: ratio, metric price, ")
    rules.path(empty_home).write_text("[[rule]]\nname = 'one'\nkind = 'nonsense'\n")
    wrong = influx_command(empty_home, "rules", "--dry-run")
    assert wrong.returncode == 2
    assert "line 3: kind is 'nonsense'; accepted: ratio, move, level" in wrong.stderr


def test_the_command_runs_dry(empty_influxd: Settings) -> None:
    Setup(empty_influxd).run()
    database = tokens.connect(empty_influxd, tokens.COLLECTOR)
    assert database is not None
    spiking(database, "kraken", NOW_S)
    database.close()
    done = influx_command(empty_influxd, "rules", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["price_3x: 2: dogeusd on kraken 2", "volume_3x: 0", "traded_30x: 0"]
