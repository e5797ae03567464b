"""Windows on the clock of a time zone, also where summer time begins and ends."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.problems import Unknown
from api.span import DAY_S, HOUR_S, WEEK_S
from api.zone import offset_s, rfc3339_there, stretches, window_start, window_stop, zone

ROME = ZoneInfo("Europe/Rome")


def at(text: str) -> int:
    """Unix seconds."""
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-28", 24), ("2026-03-29", 23), ("2026-10-24", 24), ("2026-10-25", 25)],
    ids=["before spring", "spring", "before autumn", "autumn"],
)
def test_days_go_from_midnight_to_midnight_there(day: str, hours: int) -> None:
    noon = at(f"{day}T12:00:00+01:00")
    start_s = window_start(noon, DAY_S, ROME)
    assert rfc3339_there(start_s, ROME).startswith(f"{day}T00:00:00")
    assert window_stop(start_s, DAY_S, ROME) - start_s == hours * HOUR_S


def test_windows_of_some_hours_stand_on_the_wall_clock() -> None:
    start_s = window_start(at("2026-10-25T02:30:00+01:00"), 6 * HOUR_S, ROME)
    assert rfc3339_there(start_s, ROME) == "2026-10-25T00:00:00+02:00"
    assert rfc3339_there(window_stop(start_s, 6 * HOUR_S, ROME), ROME) == "2026-10-25T06:00:00+01:00"


def test_the_hour_that_comes_twice_is_two_windows() -> None:
    first, second = (window_start(at(f"2026-10-25T02:30:00{offset}"), HOUR_S, ROME) for offset in ("+02:00", "+01:00"))
    assert second - first == HOUR_S
    assert window_stop(first, HOUR_S, ROME) == second


def test_weeks_begin_on_monday_there() -> None:
    start_s = window_start(at("2026-10-28T12:00:00+01:00"), WEEK_S, ROME)
    assert rfc3339_there(start_s, ROME) == "2026-10-26T00:00:00+01:00"
    assert window_start(at("2026-10-26T00:30:00+01:00"), WEEK_S, ROME) == start_s


def test_a_stretch_is_cut_where_the_clock_is_turned() -> None:
    turn_s = at("2026-10-25T01:00:00+00:00")
    assert list(stretches(turn_s - 10 * DAY_S, turn_s + DAY_S, ROME)) == [
        (turn_s - 10 * DAY_S, turn_s),
        (turn_s, turn_s + DAY_S),
    ]
    assert list(stretches(turn_s, turn_s + DAY_S, ROME)) == [(turn_s, turn_s + DAY_S)]


@given(
    st.sampled_from(["UTC", "Europe/Rome", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]),
    st.integers(min_value=at("2024-01-01T00:00:00Z"), max_value=at("2027-01-01T00:00:00Z")),
    st.integers(min_value=1, max_value=500 * DAY_S),
)
def test_stretches_are_whole_and_have_one_offset_each(name: str, start_s: int, length_s: int) -> None:
    tz = ZoneInfo(name)
    found = list(stretches(start_s, start_s + length_s, tz))
    assert [stop_s for _, stop_s in found[:-1]] == [begin_s for begin_s, _ in found[1:]]
    assert (found[0][0], found[-1][1]) == (start_s, start_s + length_s)
    assert all(offset_s(begin_s, tz) == offset_s(stop_s - 1, tz) for begin_s, stop_s in found)


@given(
    st.sampled_from(["UTC", "Europe/Rome", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]),
    st.integers(min_value=at("2024-01-01T00:00:00Z"), max_value=at("2027-01-01T00:00:00Z")),
    st.sampled_from([300, 900, HOUR_S, 4 * HOUR_S, 12 * HOUR_S, DAY_S, WEEK_S]),
)
def test_every_moment_lies_in_the_window_that_it_is_said_to(name: str, time_s: int, every_s: int) -> None:
    tz = ZoneInfo(name)
    start_s = window_start(time_s, every_s, tz)
    assert start_s <= time_s < window_stop(start_s, every_s, tz)
    assert window_start(start_s, every_s, tz) == start_s


@pytest.mark.parametrize("name", ["Europe/Roma", "../etc/passwd", "a\x00b", "", "x" * 64])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(Unknown, match="accepted: names of the IANA database such as UTC, Europe/Rome"):
        zone(name)


def test_a_misspelt_zone_is_answered_with_the_nearest_names() -> None:
    with pytest.raises(Unknown) as raised:
        zone("Europe/Roma")
    assert "Europe/Rome" in raised.value.nearest


def test_a_moment_in_utc_is_written_with_z() -> None:
    assert rfc3339_there(at("2026-11-24T12:00:00+00:00"), ZoneInfo("UTC")) == "2026-11-24T12:00:00Z"
    assert datetime.fromisoformat(rfc3339_there(0, ROME)).astimezone(UTC).timestamp() == 0
