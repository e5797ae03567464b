"""Windows on the clock of a time zone: days from midnight to midnight there, whatever summer time does.

https://docs.python.org/3/library/zoneinfo.html
"""

import difflib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from api.parameters import shown
from api.problems import Unknown
from api.span import DAY_S, HOUR_S, WEEK_S


@lru_cache(64)
def zone(name: str) -> ZoneInfo:
    """The time zone of that name. Unknown: there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = difflib.get_close_matches(name, available_timezones())
        raise Unknown(
            f"no time zone {shown(name)}; accepted: names of the IANA database such as UTC, Europe/Rome", near
        ) from None


def window_start(time_s: int, every_s: int, tz: ZoneInfo) -> int:
    """The start of the window that holds a moment: on the wall clock there, weeks from Monday."""
    local = datetime.fromtimestamp(time_s, tz)
    if every_s == WEEK_S:
        return _midnight(local.date() - timedelta(days=local.weekday()), tz)
    if every_s == DAY_S:
        return _midnight(local.date(), tz)
    of_day_s = local.hour * HOUR_S + local.minute * 60 + local.second
    start = datetime.combine(local.date(), time(), tz) + timedelta(seconds=of_day_s // every_s * every_s)
    return int(start.replace(fold=local.fold).timestamp())


def window_stop(start_s: int, every_s: int, tz: ZoneInfo) -> int:
    """The end of the window that starts there, itself not included. Those of an hour at most know no summer time."""
    if every_s <= HOUR_S:
        return start_s + every_s
    wall = datetime.fromtimestamp(start_s, tz).replace(tzinfo=None) + timedelta(seconds=every_s)
    return int(wall.replace(tzinfo=tz).timestamp())


def _midnight(day: date, tz: ZoneInfo) -> int:
    return int(datetime.combine(day, time(), tz).timestamp())


def offset_s(time_s: int, tz: ZoneInfo) -> int:
    """How far the clock there is before UTC."""
    offset = datetime.fromtimestamp(time_s, tz).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def stretches(start_s: int, stop_s: int, tz: ZoneInfo) -> Iterator[tuple[int, int]]:
    """The stretch cut where the clock there is put forward or back."""
    while start_s < stop_s:
        turn_s = _turn(start_s, stop_s, tz)
        yield start_s, turn_s
        start_s = turn_s


def _turn(start_s: int, stop_s: int, tz: ZoneInfo) -> int:
    """The first moment after the start with another offset, or the stop: day by day, then by halves."""
    offset = offset_s(start_s, tz)
    same_s = start_s
    while same_s + DAY_S < stop_s and offset_s(same_s + DAY_S, tz) == offset:
        same_s += DAY_S
    other_s = min(same_s + DAY_S, stop_s - 1)
    if offset_s(other_s, tz) == offset:
        return stop_s
    while other_s - same_s > 1:
        middle_s = (same_s + other_s) // 2
        if offset_s(middle_s, tz) == offset:
            same_s = middle_s
        else:
            other_s = middle_s
    return other_s


def rfc3339_there(time_s: int, tz: ZoneInfo) -> str:
    """A moment with the offset of the clock there; Z for UTC."""
    local = datetime.fromtimestamp(time_s, tz)
    return local.isoformat().replace("+00:00", "Z") if local.utcoffset() == timedelta(0) else local.isoformat()
