"""A stretch of time cut into windows, as a request asks for it: window= or from= and to=, and every=."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from api.parameters import shown
from api.problems import Contradiction, Malformed
from influx import schema
from influx.settings import Settings

MINUTE_S, HOUR_S, DAY_S, WEEK_S = 60, 3600, 86_400, 7 * 86_400
MONDAY_S = 4 * DAY_S
"""The first Monday of Unix time: weeks begin on Mondays."""
UNIT_S = {"m": MINUTE_S, "h": HOUR_S, "d": DAY_S, "w": WEEK_S}
WINDOW_S = {"1h": HOUR_S, "24h": DAY_S, "7d": WEEK_S, "30d": 30 * DAY_S, "1y": 365 * DAY_S}
LADDER_S = (60, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, DAY_S, WEEK_S)
MOST_POINTS = 1500
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

Window = Literal["1h", "24h", "7d", "30d", "1y"]
TIMES = "RFC 3339 such as 2026-11-24T12:00:00Z, or Unix seconds, from 2000 to 2100"
MINUTES = [minutes for minutes in range(1, 1441) if 1440 % minutes == 0]
HOURS = [hours for hours in range(1, 25) if 24 % hours == 0]


def every_pattern(shortest_s: int) -> str:
    """What every= accepts, as a regular expression."""
    minutes = "|".join(str(one) for one in MINUTES if one * MINUTE_S >= shortest_s)
    return f"^(({minutes})m|({'|'.join(map(str, HOURS))})h|1d|7d|1w)$"


TIME_PATTERN = (
    r"^(20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\.[0-9]{1,6})?"
    r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])|(9[5-9][0-9]{7}|[1-3][0-9]{9}|40[0-9]{8})(\.[0-9]{1,9})?)$"
)
"""The greater part of what TIMES says, as a regular expression."""


class Stretch(Struct, frozen=True, kw_only=True):
    """The parameters of time that a chart or candles have, beside every."""

    window: Annotated[
        Window | None,
        Meta(description="the stretch up to the board's minute, unless from or to is given", examples=["24h"]),
    ] = None
    from_: Annotated[
        str | None,
        Meta(
            description=f"instead of window: the start ({TIMES}), taken down to the grid of every",
            examples=["2026-11-23T12:00:00Z"],
            extra_json_schema={"pattern": TIME_PATTERN},
        ),
    ] = field(name="from", default=None)
    to: Annotated[
        str | None,
        Meta(
            description="with from: the end, itself not included; now unless told",
            examples=["2026-11-24T12:00:00Z"],
            extra_json_schema={"pattern": TIME_PATTERN},
        ),
    ] = None


class Span(Struct, frozen=True):
    """Windows of `every_s` from `start_s` (on their grid) to `stop_s` (not included), in Unix seconds."""

    start_s: int
    stop_s: int
    every_s: int


def floor(time_s: int, every_s: int) -> int:
    """The start of the window (UTC) that holds a moment; weeks begin on Mondays."""
    origin_s = MONDAY_S if every_s == WEEK_S else 0
    return (time_s - origin_s) // every_s * every_s + origin_s


Grid = Callable[[int, int], int]
"""Gives the start of the window, so many seconds long, that holds a moment."""


def span(
    asked: Stretch, every: str | None, minute_s: int, shortest_s: int, settings: Settings, grid: Grid = floor
) -> Span:
    """The windows that are asked for. Malformed, Contradiction; `minute_s` is the newest minute there is."""
    until_s = minute_s + MINUTE_S
    if asked.from_ is None and asked.to is None:
        start_s = until_s - WINDOW_S[asked.window or "24h"]
        every_s = _every(every, start_s, until_s, shortest_s, finest_s(start_s, minute_s, settings))
        return Span(grid(start_s + every_s - 1, every_s), until_s, every_s)
    stop_s = until_s if asked.to is None else moment("to", asked.to)
    start_s = stop_s - DAY_S if asked.from_ is None else moment("from", asked.from_)
    if start_s >= stop_s:
        raise Contradiction(f"from is {rfc3339(start_s)} and to is {rfc3339(stop_s)}; accepted: a from before to")
    every_s = _every(every, start_s, stop_s, shortest_s, finest_s(start_s, minute_s, settings))
    return Span(grid(start_s, every_s), stop_s, every_s)


def finest_s(start_s: int, minute_s: int, settings: Settings) -> int:
    """The shortest windows for which there is data that old."""
    if start_s >= minute_s - settings.retention:
        return MINUTE_S
    return HOUR_S if start_s >= minute_s - schema.HOURLY.kept_s else DAY_S


def ceil(time_s: int, every_s: int) -> int:
    """The first window's start that is not before a moment."""
    return floor(time_s + every_s - 1, every_s)


def shortest_fitting(start_s: int, stop_s: int, least_s: int) -> int:
    """The shortest windows that give few enough. Contradiction: there are none."""
    for every_s in LADDER_S:
        if every_s >= least_s and stop_s - start_s <= MOST_POINTS * every_s:
            return every_s
    raise Contradiction(f"the stretch from from to to is too long; accepted: up to {MOST_POINTS} weeks")


def _every(text: str | None, start_s: int, stop_s: int, shortest_s: int, kept_s: int) -> int:
    least_s = max(shortest_s, kept_s)
    if text is None:
        return shortest_fitting(start_s, stop_s, least_s)
    every_s = duration_s(text)
    if every_s < shortest_s or (DAY_S % every_s and every_s != WEEK_S):
        raise Malformed(
            f"every is {shown(text)}; accepted: {written(shortest_s)} or longer that divides a day, such as "
            f"{', '.join(written(step) for step in LADDER_S if step >= shortest_s)}"
        )
    if every_s < kept_s:
        raise Contradiction(
            f"every is {shown(text)}, but what is that old is kept by {written(kept_s)}; "
            f"accepted: {written(kept_s)} or longer"
        )
    if stop_s - start_s > MOST_POINTS * every_s:
        raise Contradiction(
            f"the stretch is too long for every={text}; accepted: {MOST_POINTS} windows, "
            f"here {_in_words(MOST_POINTS * every_s)}"
        )
    return every_s


def moment(name: str, text: str) -> int:
    """A time in Unix seconds. Malformed: it is none."""
    try:
        found = _moment(text)
    except ValueError:
        found = None
    # On the clock that it is written in, as the documented pattern can only see.
    if found is None or found.tzinfo is None or not EARLIEST <= found.replace(tzinfo=UTC) <= LATEST:
        raise Malformed(f"{name} is {shown(text)}; accepted: {TIMES}")
    return int(found.timestamp())


def _moment(text: str) -> datetime:
    if re.fullmatch(r"\d{1,11}(\.\d{1,9})?", text, re.ASCII):
        return datetime.fromtimestamp(float(text), UTC)
    return datetime.fromisoformat(text.replace(" ", "+"))  # a + that was not encoded arrives as a space


def duration_s(text: str) -> int:
    """The seconds of 5m, 4h, 1d, 1w; 0 for anything else."""
    match = re.fullmatch(r"(\d{1,5})([mhdw])", text, re.ASCII)
    return int(match[1]) * UNIT_S[match[2]] if match else 0


def written(length_s: int) -> str:
    """A length as every= takes it."""
    unit = next(unit for unit in "wdhm" if length_s % UNIT_S[unit] == 0)
    return f"{length_s // UNIT_S[unit]}{unit}"


def _in_words(length_s: int) -> str:
    """A length in words."""
    return f"{length_s // DAY_S} days" if length_s >= 2 * DAY_S else f"{length_s // HOUR_S} hours"


def rfc3339(time_s: int) -> str:
    """A moment as answers write it."""
    return (datetime(1970, 1, 1) + timedelta(seconds=time_s)).isoformat() + "Z"
