"""The checks' own file, run at a chosen tick on the real database, for every kind of rule."""

import re

import pytest

from influx import flux
from influx.check import FILE, LATE, WRITTEN, cases
from influx.client import Database
from tests.influx.checks.points import MINUTE_S, TICK_S, Series, flat, made_checks, new_exchange, raised, write


def priced(database: Database, exchange: str, series: dict[str, Series]) -> None:
    for pair, prices in series.items():
        write(database, exchange, pair, {"price": prices})


@pytest.mark.parametrize(
    ("direction", "found"),
    [
        ("up", {"upusd": 1.06}),
        ("down", {"downusd": 0.94}),
        ("both", {"upusd": 1.06, "downusd": 0.94}),
    ],
)
def test_a_move_is_measured_from_the_lowest_or_highest_within_its_time(
    operator: Database, direction: str, found: dict[str, float]
) -> None:
    exchange = new_exchange()
    quiet = flat(20, 100.0)
    priced(
        operator,
        exchange,
        {
            "up/usd": quiet | {TICK_S - 4 * MINUTE_S: 99.0, TICK_S: 104.94},
            "down/usd": quiet | {TICK_S - 4 * MINUTE_S: 101.0, TICK_S: 94.94},
            "small/usd": quiet | {TICK_S: 105.0},
            "before/usd": quiet | {TICK_S - 6 * MINUTE_S: 50.0, TICK_S: 100.0},
        },
    )
    rule = f"kind = 'move'\nmetric = 'price'\npercent = 5\nwithin = '5m'\ndirection = '{direction}'"
    assert raised(operator, exchange, rule, TICK_S) == pytest.approx(found)


@pytest.mark.parametrize(("level", "found"), [("above = 100", {"highusd"}), ("below = 100", {"lowusd"})])
def test_a_level_is_crossed_by_what_is_beyond_it(operator: Database, level: str, found: set[str]) -> None:
    exchange = new_exchange()
    priced(operator, exchange, {"high/usd": {TICK_S: 100.5}, "low/usd": {TICK_S: 99.5}, "level/usd": {TICK_S: 100.0}})
    assert set(raised(operator, exchange, f"kind = 'level'\nmetric = 'price'\n{level}", TICK_S)) == found


def test_a_rule_with_a_time_waits_until_it_has_held_for_that_long(operator: Database) -> None:
    exchange = new_exchange()
    high = {TICK_S - minute * MINUTE_S: 400.0 for minute in range(4)}
    priced(
        operator,
        exchange,
        {
            "held/usd": flat(70, 100.0) | high,
            "dipped/usd": flat(70, 100.0) | high | {TICK_S - 2 * MINUTE_S: 299.0},
            "new/usd": flat(70, 100.0) | {TICK_S: 400.0},
        },
    )
    rule = "kind = 'ratio'\nmetric = 'price'\nfactor = 3\nfor = '3m'"
    assert raised(operator, exchange, rule, TICK_S) == {"heldusd": 4.0}


def test_a_level_from_below_waits_as_well(operator: Database) -> None:
    exchange = new_exchange()
    low = {TICK_S - minute * MINUTE_S: 9.0 for minute in range(4)}
    priced(operator, exchange, {"held/usd": low, "rose/usd": low | {TICK_S - MINUTE_S: 11.0}})
    rule = "kind = 'level'\nmetric = 'price'\nbelow = 10\nfor = '3m'"
    assert raised(operator, exchange, rule, TICK_S) == {"heldusd": 0.9}


def test_a_floor_leaves_out_what_turns_over_less(operator: Database) -> None:
    exchange = new_exchange()
    for pair, turnover in (("big", 5000.0), ("small", 4999.0)):
        fields = {"price": flat(60, 1.0) | {TICK_S: 4.0}, "quote_volume": {TICK_S: turnover}}
        write(operator, exchange, f"{pair}/usd", fields)
    priced(operator, exchange, {"untold/usd": flat(60, 1.0) | {TICK_S: 4.0}})
    rule = "kind = 'ratio'\nmetric = 'price'\nfactor = 3\nfloor = 5_000"
    assert set(raised(operator, exchange, rule, TICK_S)) == {"bigusd"}


@pytest.mark.parametrize(
    "rule",
    [
        "kind = 'ratio'\nmetric = 'price'\nfactor = 3",
        "kind = 'ratio'\nmetric = 'volume'\nfactor = 3",
        "kind = 'move'\nmetric = 'price'\nwithin = '1h'\npercent = 5\ndirection = 'up'",
        "kind = 'move'\nmetric = 'volume'\nwithin = '1h'\npercent = 5\ndirection = 'up'",
    ],
)
def test_a_floor_changes_nothing_of_what_a_value_is_held_against(operator: Database, rule: str) -> None:
    exchange = new_exchange()
    fields = {field: flat(60, 1.0) | {TICK_S: 4.0} for field in ("price", "volume", "quote_volume")}
    write(operator, exchange, "doge/usd", fields)
    assert raised(operator, exchange, f"{rule}\nfloor = 1", TICK_S) == {"dogeusd": 4.0}


def test_a_rule_holds_for_the_pairs_that_it_names(operator: Database) -> None:
    exchange = new_exchange()
    prices = {"btc/usdt": 4.0, "btc/usd": 4.0, "doge/usdt": 4.0, "b.c/usd": 4.0}
    priced(operator, exchange, {pair: flat(60, 1.0) | {TICK_S: price} for pair, price in prices.items()})
    rule = "kind = 'ratio'\nmetric = 'price'\nfactor = 3\npairs = {}"
    assert set(raised(operator, exchange, rule.format("['*usdt']"), TICK_S)) == {"btcusdt", "dogeusdt"}
    assert set(raised(operator, exchange, rule.format("['b.cusd', 'btcusd']"), TICK_S)) == {"b.cusd", "btcusd"}


def test_a_volume_without_a_price_is_no_alert(operator: Database) -> None:
    exchange = new_exchange()
    write(operator, exchange, "doge/usd", {"volume": flat(60, 1.0) | {TICK_S: 4.0}})
    assert raised(operator, exchange, "kind = 'ratio'\nmetric = 'volume'\nfactor = 3", TICK_S) == {}


@pytest.mark.parametrize("floor", ["", "\nfloor = 1"])
def test_the_very_first_quotes_have_nothing_to_be_judged_by(operator: Database, floor: str) -> None:
    exchange = new_exchange()
    rule = "kind = 'ratio'\nmetric = 'price'\nfactor = 3" + floor
    assert raised(operator, exchange, rule, TICK_S) == {}
    priced(operator, exchange, {"doge/usd": {TICK_S: 4.0}})
    assert raised(operator, exchange, rule, TICK_S) == {}
    priced(operator, exchange, {"ltc/usd": flat(60, 1.0)})
    assert raised(operator, exchange, rule, TICK_S) == {}


def test_a_floor_that_no_pair_of_the_tick_can_show_is_no_fault(operator: Database) -> None:
    exchange = new_exchange()
    priced(operator, exchange, {"doge/usd": flat(60, 1.0) | {TICK_S: 4.0}})
    assert raised(operator, exchange, "kind = 'ratio'\nmetric = 'price'\nfactor = 3\nfloor = 1", TICK_S) == {}


def test_a_tick_off_the_minute_is_judged_on_its_own_grid(operator: Database) -> None:
    exchange = new_exchange()
    priced(operator, exchange, {"doge/usd": flat(60, 1.0) | {TICK_S: 4.0, TICK_S + 5: 5.0}})
    rule = "kind = 'ratio'\nmetric = 'price'\nfactor = 3"
    assert raised(operator, exchange, rule, TICK_S + 59) == {"dogeusd": 4.0}


@pytest.mark.parametrize("minute", [0, 1, 37, 59])
def test_the_hour_ends_at_the_tick_wherever_that_lies(operator: Database, minute: int) -> None:
    """The mean is that of the 60 minutes before, the first one included; what is older or newer plays no part."""
    exchange = new_exchange()
    tick_s = TICK_S - minute * MINUTE_S
    hour = {tick_s - before * MINUTE_S: 100.0 + before for before in range(1, 61)}
    mean = sum(hour.values()) / 60
    around = {tick_s - 61 * MINUTE_S: 9_000.0, tick_s + MINUTE_S: 9_000.0}
    priced(
        operator,
        exchange,
        {
            "over/usd": hour | around | {tick_s: 3 * mean + 0.001},
            "equal/usd": hour | around | {tick_s: 3 * mean},
            "absent/usd": hour | around,
        },
    )
    found = raised(operator, exchange, "kind = 'ratio'\nmetric = 'price'\nfactor = 3", tick_s)
    assert found == pytest.approx({"overusd": 3 + 0.001 / mean})


def test_a_move_looks_back_over_its_own_time_wherever_the_tick_lies(operator: Database) -> None:
    exchange = new_exchange()
    tick_s = TICK_S - 43 * MINUTE_S
    quiet = {tick_s - minute * MINUTE_S: 100.0 for minute in range(1, 21)}
    priced(
        operator,
        exchange,
        {
            "first/usd": quiet | {tick_s - 7 * MINUTE_S: 90.0, tick_s: 100.0},
            "older/usd": quiet | {tick_s - 8 * MINUTE_S: 90.0, tick_s: 100.0},
        },
    )
    rule = "kind = 'move'\nmetric = 'price'\npercent = 5\nwithin = '7m'\ndirection = 'up'"
    assert raised(operator, exchange, rule, tick_s) == pytest.approx({"firstusd": 100 / 90})


def test_a_volume_must_hold_and_turn_over_enough_as_well(operator: Database) -> None:
    exchange = new_exchange()
    high = {TICK_S - minute * MINUTE_S: 400.0 for minute in range(4)}
    volumes = {
        "held": high,
        "dipped": high | {TICK_S - 2 * MINUTE_S: 299.0},
        "small": high,
    }
    for pair, volume in volumes.items():
        fields = {
            "volume": flat(70, 100.0) | volume,
            "price": {TICK_S: 2.0},
            "quote_volume": {TICK_S: 799.0 if pair == "small" else 800.0},
        }
        write(operator, exchange, f"{pair}/usd", fields)
    rule = "kind = 'ratio'\nmetric = 'volume'\nfactor = 3\nfor = '3m'\nfloor = 800"
    assert raised(operator, exchange, rule, TICK_S) == {"heldusd": 4.0}


def test_every_part_of_the_file_is_for_a_case_that_some_rule_is() -> None:
    rules = (
        "kind = 'ratio'\nmetric = 'price'\nfactor = 3\nfloor = 1e5",
        "kind = 'move'\nmetric = 'volume'\npercent = 5\nwithin = '5m'\nfor = '2m'",
        "kind = 'level'\nmetric = 'traded'\nabove = 1",
    )
    told = {case for rule in rules for check in made_checks("kraken", rule) for case in cases(check.params)}
    assert set(re.findall(r"// where (\w+)\n", (flux.HERE / f"{FILE}.flux").read_text())) == told | {WRITTEN, LATE}
