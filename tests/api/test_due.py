"""Ticks that are due: what overlaps is one, the newest go first, what may still grow waits."""

from pathlib import Path

import pytest

from api.due import FRESH_S, HOUR_S, LONGEST_S, QUIET_S, Due, DueTicks
from influx.settings import Settings

HOUR = 1_795_500_000
NOW_S = HOUR + 10 * HOUR_S


@pytest.fixture
def ticks(tmp_path: Path) -> DueTicks:
    return DueTicks(Settings(home=tmp_path))


def drained(ticks: DueTicks, now_s: float) -> list[Due]:
    found = []
    while (due := ticks.newest(now_s)) is not None:
        found.append(due)
        ticks.done(due)
    return found


def test_a_range_is_cut_at_the_hours_and_the_newest_hour_goes_first(ticks: DueTicks) -> None:
    ticks.add([Due("c", "kraken", HOUR - 60, HOUR + HOUR_S)], NOW_S)
    assert drained(ticks, NOW_S + QUIET_S) == [
        Due("c", "kraken", HOUR + HOUR_S, HOUR + HOUR_S),
        Due("c", "kraken", HOUR, HOUR + HOUR_S - 1),
        Due("c", "kraken", HOUR - 60, HOUR - 1),
    ]


def test_what_is_added_again_is_judged_once(ticks: DueTicks) -> None:
    ticks.add([Due("c", "kraken", HOUR + 60, HOUR + 120)], NOW_S)
    ticks.add([Due("c", "kraken", HOUR, HOUR + 60), Due("c", "kraken", HOUR + 180, HOUR + 180)], NOW_S)
    assert drained(ticks, NOW_S + QUIET_S) == [Due("c", "kraken", HOUR, HOUR + 180)]


def test_checks_and_exchanges_are_kept_apart(ticks: DueTicks) -> None:
    due = [
        Due("c", "kraken", HOUR, HOUR),
        Due("d", "kraken", HOUR, HOUR),
        Due("c", "okx", HOUR, HOUR),
        Due("c", "", HOUR, HOUR),
    ]
    ticks.add(due, NOW_S)
    assert {(one.check, one.exchange) for one in drained(ticks, NOW_S + QUIET_S)} == {
        (one.check, one.exchange) for one in due
    }


def test_a_fresh_tick_is_judged_at_once(ticks: DueTicks) -> None:
    fresh_s = int(NOW_S) - FRESH_S + 1
    ticks.add([Due("c", "kraken", fresh_s, fresh_s)], NOW_S)
    assert ticks.newest(NOW_S) is not None


def test_an_old_one_waits_until_nothing_is_added_to_it_but_not_for_ever(ticks: DueTicks) -> None:
    for second in range(0, LONGEST_S, QUIET_S - 1):
        ticks.add([Due("c", "kraken", HOUR, HOUR)], NOW_S + second)
        assert ticks.newest(NOW_S + second) is None
    assert ticks.newest(NOW_S + LONGEST_S) is not None


def test_what_is_due_and_how_far_was_looked_outlives_the_process(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    DueTicks(settings).add([Due("c", "", HOUR, HOUR)], NOW_S)
    DueTicks(settings).reach("late", 12.5)
    again = DueTicks(settings)
    assert again.newest(NOW_S + QUIET_S) == Due("c", "", HOUR, HOUR)
    assert (again.reached("late"), again.reached("statuses")) == (12.5, None)
