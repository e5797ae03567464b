"""alerts.toml: what it accepts, what it says of a mistake, and which rules are in force."""

from pathlib import Path

import pytest

from influx import rules, server_process
from influx.check import check_id, checks, checks_of, pattern, run_name, runs
from influx.rules import Level, Move, Ratio, RulesError, parse
from influx.settings import Settings
from influx.stack import Setup

RULE = "[[rule]]\nname = 'one'\nkind = 'ratio'\nmetric = 'price'\nfactor = 3\n"


def test_the_default_is_three_times_the_hours_mean_and_a_rule_of_its_own_for_traded() -> None:
    found = parse(rules.DEFAULT.read_text(), "alerts.toml")
    assert [(rule.name, rule.metric, rule.factor) for rule in found if isinstance(rule, Ratio)] == [
        ("price_3x", "price", 3),
        ("volume_3x", "volume", 3),
        ("traded_30x", "traded", 30),
    ]


def test_every_key_is_read() -> None:
    text = """
[[rule]]
name = "moves"
kind = "move"
metric = "price"
percent = 5
within = "15m"
direction = "down"
for = "2m"
floor = 1_000.5
pairs = ["btcusd", "*usdt"]
exchanges = ["kraken"]
channels = ["ops"]
cool_down = "1h"
further = 2

[[rule]]
name = "level"
kind = "level"
metric = "volume"
below = 10
"""
    move, level = parse(text, "alerts.toml")
    assert isinstance(move, Move)
    assert isinstance(level, Level)
    assert (move.percent, move.within, move.direction, move.held) == (5, 900, "down", 120)
    assert (move.floor, move.pairs, move.exchanges) == (1000.5, ["btcusd", "*usdt"], ["kraken"])
    assert (move.channels, move.cool_down, move.further) == (["ops"], 3600, 2)
    assert (level.above, level.below) == (None, 10)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[[rule]\n", "alerts.toml: Expected ']]' at the end of an array declaration (at line 1, column 7)"),
        ("[rules]\n", "alerts.toml: rules is not accepted here; accepted: [[rule]] tables"),
        ("rule = 3\n", "alerts.toml: rule is not accepted here; accepted: [[rule]] tables"),
        (RULE.replace("ratio", "rato"), "alerts.toml, line 3: kind is 'rato'; accepted: ratio, move, level"),
        (RULE.replace("price", "prise"), "alerts.toml, line 4: metric is 'prise'; accepted: `price`, `volume`"),
        (RULE.replace("factor = 3", ""), "alerts.toml, line 1: factor is missing; accepted: a number above 1"),
        (RULE.replace("3", "1"), "alerts.toml, line 5: factor is 1; accepted: a number above 1"),
        (RULE.replace("3", "nan"), "alerts.toml, line 5: factor is nan; accepted: a number above 1"),
        (RULE + "fctor = 3\n", "alerts.toml, line 6: fctor is no key of a ratio rule; accepted: kind, name, metric"),
        (RULE + "cool-down = 3\n", "alerts.toml, line 6: cool-down is no key of a ratio rule; accepted: kind, name"),
        (RULE + "'cool down' = 3\n", "alerts.toml, line 6: cool down is no key of a ratio rule; accepted: kind, name"),
        (RULE + "for = '5 min'\n", "alerts.toml, line 6: for is '5 min'; accepted: how long it must have held"),
        (RULE + "for = '2d'\n", "alerts.toml, line 6: for is '2d'; accepted: how long it must have held, to 1d"),
        (RULE + RULE, "alerts.toml, line 7: name is 'one' again; accepted: words of a to z"),
        (RULE + "[[rule]]\nname = 'a b'\nkind = 'level'\n", "alerts.toml, line 7: name is 'a b'; accepted: words"),
        (
            "[[rule]]\nname='l'\nkind='level'\nmetric='price'\n",
            "alerts.toml, line 1: above is None; accepted: a number",
        ),
    ],
)
def test_a_mistake_is_named_by_line_with_what_is_accepted(text: str, error: str) -> None:
    with pytest.raises(RulesError) as raised:
        parse(text, "alerts.toml")
    assert str(raised.value).startswith(error)


@pytest.mark.parametrize(
    ("percent", "direction", "good"), [(100, "up", True), (100, "down", False), (99, "both", True)]
)
def test_nothing_falls_by_all_of_itself(percent: int, direction: str, good: bool) -> None:
    text = f"[[rule]]\nname='m'\nkind='move'\nmetric='price'\npercent={percent}\nwithin='5m'\ndirection='{direction}'\n"
    if good:
        assert len(parse(text, "alerts.toml")) == 1
    else:
        with pytest.raises(RulesError, match="line 5: percent is 100"):
            parse(text, "alerts.toml")


def test_a_move_both_ways_takes_two_checks_of_one_rule() -> None:
    text = "[[rule]]\nname='m'\nkind='move'\nmetric='price'\npercent=5\nwithin='5m'\n"
    asked = list(checks(parse(text, "alerts.toml"), Settings()))
    assert [(check.name, check.rule.name) for check in asked] == [("m__up", "m"), ("m__down", "m")]
    assert len({check_id(check.name) for check in asked}) == 2


@pytest.mark.parametrize(
    ("key", "together"),
    [("", True), ("fewest = 11", True), ("cool_down = '1h'", True), ("pairs = ['*usd']", False), ("floor = 1", False)],
)
def test_rules_that_read_the_same_of_their_metrics_are_one_run(key: str, together: bool) -> None:
    text = rules.DEFAULT.read_text().replace('metric = "volume"', f'metric = "volume"\n{key}')
    quotes = [["price_3x", "volume_3x"]] if together else [["price_3x"], ["volume_3x"]]
    assert names_of_runs(text) == [*quotes, ["traded_30x"], ["traded_30x__again"]]


def test_a_task_is_told_by_its_name_from_those_of_checks() -> None:
    (quotes, *_) = runs(checks(parse(rules.DEFAULT.read_text(), "alerts.toml"), Settings()))
    assert checks_of(run_name(quotes)) == ["price_3x", "volume_3x"]
    assert checks_of("board") == []


def names_of_runs(text: str) -> list[list[str]]:
    """The names of the checks of each run."""
    taken = runs(checks(parse(text, "alerts.toml"), Settings()))
    assert all(len({check.after_s for check in run}) == 1 for run in taken)
    return [[check.name for check in run] for run in taken]


def test_candles_are_judged_on_the_minute_and_quotes_on_the_interval() -> None:
    asked = {check.name: check for check in checks(parse(rules.DEFAULT.read_text(), ""), Settings(interval=5))}
    assert (asked["price_3x"].step_s, asked["price_3x"].back_s) == (5, 0)
    assert (asked["traded_30x"].step_s, asked["traded_30x"].back_s) == (60, 60)
    assert asked["traded_30x__again"].again
    assert asked["price_3x"].newest_s(1_000_000.0) == 999_990
    assert asked["traded_30x"].newest_s(999_960.0 + 60 + 24) == 999_960


def test_a_pattern_matches_names_and_nothing_beside_them() -> None:
    assert pattern([]) == ""
    assert pattern(["b.c", "*usdt"]) == r"^(?:b\.c|.*usdt)$"


def test_the_file_is_made_from_the_default(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    assert len(rules.read(settings)) == 3
    assert (tmp_path / "home" / "alerts.toml").read_text() == rules.DEFAULT.read_text()


def test_a_malformed_file_leaves_the_rules_in_force(empty_influxd: Settings, caplog: pytest.LogCaptureFixture) -> None:
    Setup(empty_influxd).run()
    file = rules.path(empty_influxd)
    file.write_text(RULE)
    assert sorted(change for change in Setup(empty_influxd).run() if "check" in change) == [
        "made task check-one",
        "removed task check-price-3x",
        "removed task check-traded-30x",
        "removed task check-traded-30x--again",
    ]
    file.write_text(RULE.replace("factor", "fctor"))
    assert [change for change in Setup(empty_influxd).run() if "check" in change] == []
    assert [rule.name for rule in rules.in_force(empty_influxd)] == ["one"]
    assert "line 5: fctor is no key of a ratio rule" in caplog.text
    assert "the rules in force stay" in caplog.text


def test_many_rules_of_long_names_are_one_run(empty_influxd: Settings) -> None:
    names = [f"{'long_name_' * 3}number_{number:03}" for number in range(40)]
    text = "".join(RULE.replace("3", str(3 + at)).replace("one", name) for at, name in enumerate(names))
    rules.path(empty_influxd).parent.mkdir(parents=True, exist_ok=True)
    rules.path(empty_influxd).write_text(text)
    assert f"made task check-{names[0].replace('_', '-')}" in Setup(empty_influxd).run()
    assert names_of_runs(text) == [names]


def test_a_changed_file_is_noticed_and_taken_up(empty_influxd: Settings, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "coinwatch.influx")
    assert rules.stamp(empty_influxd) == 0
    rules.path(empty_influxd).parent.mkdir(parents=True, exist_ok=True)
    rules.path(empty_influxd).write_text(RULE)
    assert rules.stamp(empty_influxd) != 0
    server_process.take_up_rules(empty_influxd)
    assert [rule.name for rule in rules.in_force(empty_influxd)] == ["one"]
    assert f"the rules of {rules.path(empty_influxd)} are in force" in caplog.text
