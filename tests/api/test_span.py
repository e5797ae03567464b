"""Stretches of time cut into windows."""

import re
from datetime import UTC, datetime

import msgspec
import pytest

from api.problems import Contradiction, Malformed
from api.span import DAY_S, HOUR_S, MINUTE_S, WEEK_S, Span, Stretch, every_pattern, finest_s, floor, moment, span
from influx.settings import Settings

MINUTE = int(datetime(2026, 11, 24, 12, 3, tzinfo=UTC).timestamp())
SETTINGS = Settings()


def cut(every: str | None = None, asked: dict[str, str] | None = None, shortest_s: int = MINUTE_S) -> Span:
    """The span of these parameters at 12:03."""
    return span(msgspec.convert(asked or {}, Stretch), every, MINUTE, shortest_s, SETTINGS)


@pytest.mark.parametrize(
    ("window", "every_s", "count"),
    [("1h", 60, 60), ("24h", 60, 1440), ("7d", 600, 1008), ("30d", 3600, 720), ("1y", 21_600, 1460)],
)
def test_unless_told_the_windows_are_the_shortest_that_are_few_enough(window: str, every_s: int, count: int) -> None:
    found = cut(asked={"window": window})
    assert found.every_s == every_s
    assert (found.stop_s - found.start_s) // every_s in (count - 1, count)
    assert (found.start_s % every_s, found.stop_s) == (0, MINUTE + 60)


def test_24_hours_up_to_a_minute_are_1440_minutes_with_that_one() -> None:
    assert cut() == Span(MINUTE + 60 - DAY_S, MINUTE + 60, 60)


def test_from_is_taken_down_to_the_grid_and_to_is_taken_as_it_is() -> None:
    found = cut("1h", {"from": "2026-11-24T03:20:10Z", "to": "2026-11-24T09:30:00+01:00"})
    assert found == Span(MINUTE - 9 * HOUR_S - 180, MINUTE - 3 * HOUR_S - 33 * 60, HOUR_S)


def test_to_alone_ends_a_day_and_from_alone_goes_on_until_now() -> None:
    assert cut("1h", {"to": str(MINUTE)}).start_s == floor(MINUTE - DAY_S, HOUR_S)
    assert cut("1h", {"from": str(MINUTE - DAY_S)}).stop_s == MINUTE + 60


def test_weeks_begin_on_mondays() -> None:
    found = cut("1w", {"from": "2026-11-20T00:00:00Z"})
    assert datetime.fromtimestamp(found.start_s, UTC).strftime("%A") == "Monday"


@pytest.mark.parametrize("text", ["2026-11-24T12:00:00Z", "2026-11-24T13:00:00+01:00", "2026-11-24T13:00:00 01:00"])
def test_times_are_rfc_3339_also_with_a_plus_that_was_not_encoded(text: str) -> None:
    assert moment("from", text) == MINUTE - 180


def test_a_time_of_2000_is_one_on_its_own_clock() -> None:
    assert moment("from", "2000-01-01T03:22:46+13:09") == 946_649_626


@pytest.mark.parametrize("text", ["1795521600", "1795521600.25"])
def test_times_may_be_unix_seconds(text: str) -> None:
    assert moment("from", text) == 1_795_521_600


@pytest.mark.parametrize(
    "text",
    ["", "now", "2026-11-24", "2026-11-24T12:00:00", "1", "-1", "1e9", "1795521600000", "1999-12-31T23:59:59Z", "٢"],
)
def test_other_times_are_refused_with_what_is_accepted(text: str) -> None:
    with pytest.raises(Malformed, match="accepted: RFC 3339 such as 2026-11-24T12:00:00Z, or Unix seconds"):
        moment("from", text)


@pytest.mark.parametrize("every", ["0m", "7m", "1s", "5", "m", "2d", "2w", "-5m", "25h", "5m ", "1000000m"])
def test_windows_that_do_not_divide_a_day_are_refused(every: str) -> None:
    with pytest.raises(Malformed, match="accepted: 1m or longer that divides a day, such as 1m, 5m"):
        cut(every)


def test_windows_below_the_shortest_are_refused() -> None:
    with pytest.raises(Malformed, match="every is '4m'; accepted: 5m or longer"):
        cut("4m", shortest_s=5 * MINUTE_S)


@pytest.mark.parametrize(
    ("every", "asked", "said"),
    [
        (None, {"from": "2026-11-24T12:00:00Z", "to": "2026-11-24T12:00:00Z"}, "accepted: a from before to"),
        (None, {"from": "2026-11-25T12:00:00Z"}, "accepted: a from before to"),
        ("1m", {"window": "7d"}, "accepted: 1500 windows, here 25 hours"),
        ("1h", {"window": "1y"}, "accepted: 1500 windows, here 62 days"),
        ("5m", {"from": "2026-11-01T00:00:00Z", "to": "2026-11-02T00:00:00Z"}, "accepted: 1h or longer"),
        ("1h", {"from": "2025-01-01T00:00:00Z", "to": "2025-01-02T00:00:00Z"}, "accepted: 1d or longer"),
        (None, {"from": "2000-01-01T00:00:00Z", "to": "2099-01-01T00:00:00Z"}, "accepted: up to 1500 weeks"),
    ],
)
def test_parameters_that_contradict_each_other_are_told(every: str | None, asked: dict[str, str], said: str) -> None:
    with pytest.raises(Contradiction) as raised:
        cut(every, asked)
    assert said in raised.value.detail


def test_data_gets_coarser_with_age() -> None:
    ages = [7 * DAY_S, 7 * DAY_S + 1, 400 * DAY_S, 400 * DAY_S + 1]
    assert [finest_s(MINUTE - age_s, MINUTE, SETTINGS) for age_s in ages] == [MINUTE_S, HOUR_S, HOUR_S, DAY_S]


def test_the_documented_pattern_holds_what_is_accepted() -> None:
    for text in ("5m", "1440m", "24h", "1d", "7d", "1w", "1h"):
        assert re.fullmatch(every_pattern(300), text), text
        assert cut(text, {"window": "30d" if text in ("1d", "7d", "1w") else "1h"}, shortest_s=300).every_s <= WEEK_S
    assert re.fullmatch(every_pattern(300), "4m") is None
