"""Ticks of windows and of their rows."""

import pytest

from api.chart import Part
from api.window_rows import Steps, every_tick, ticks


@pytest.mark.parametrize("interval_s", [5, 7, 60])
@pytest.mark.parametrize("start_s", [0, 60, 420, 6000])
def test_ticks_lie_at_the_multiples_of_the_interval(start_s: int, interval_s: int) -> None:
    for stop_s in (start_s + 1, start_s + 60, start_s + 300):
        wanted = sum(second % interval_s == 0 for second in range(start_s, stop_s))
        assert ticks(start_s, stop_s, interval_s) == wanted


def test_a_row_that_the_window_cuts_has_fewer_ticks() -> None:
    assert every_tick(120, 241, 60, 5) == {120: 12.0, 180: 12.0, 240: 1.0}


def test_steps_lie_on_their_own_grid_and_end_with_the_part() -> None:
    part, steps = Part("quotes", 1000, 2500), Steps(600, 300)
    assert [steps.start_s(time_s, part) for time_s in (1000, 1499, 1500, 2400)] == [1000, 1000, 1500, 2100]
    assert [steps.stop_s(time_s, part) for time_s in (1000, 1500, 2400)] == [1500, 2100, 2500]
