"""What was written late: the range of ticks an exchange's quotes came for, so that alerts can judge those ticks again.

A check judges a tick soon after it. Quotes that a spool kept or that candles healed come after that.
"""

import re
from datetime import UTC, datetime

from influx import schema

NS = 1_000_000_000
CANDLE_S = 60  # a candle can't be there before its minute is over
LATE_INTERVALS = 2

SERIES = re.compile(rb"^(\w+),(?:[^ \n]*?,)?exchange=((?:\\.|[^,\\ \n])+)[^\n]* (\d+)$", re.MULTILINE)


def is_late(time_ns: int, now_s: float, interval_s: int) -> bool:
    """Whether a quote of that time comes too late for the check that would have judged it."""
    return time_ns / NS < now_s - LATE_INTERVALS * interval_s


def late_lines(lines: bytes, now_s: float, interval_s: int) -> bytes:
    """Event lines for what is late of some market lines, one an exchange and measurement; empty if nothing is."""
    ranges: dict[tuple[bytes, bytes], tuple[int, int]] = {}
    for measurement, exchange, digits in SERIES.findall(lines):
        time_ns = int(digits)
        reached_ns = time_ns + CANDLE_S * NS if measurement == schema.CANDLE.encode() else time_ns
        if is_late(reached_ns, now_s, interval_s):
            first_ns, last_ns = ranges.get((measurement, exchange), (time_ns, time_ns))
            ranges[measurement, exchange] = min(first_ns, time_ns), max(last_ns, time_ns)
    return b"".join(
        b'%s,exchange=%s,measurement=%s start="%s",stop="%s" %d\n'
        % (schema.LATE_RANGE.encode(), exchange, measurement, _rfc3339(first), _rfc3339(last), int(now_s * NS))
        for (measurement, exchange), (first, last) in ranges.items()
        if measurement in (schema.QUOTE.encode(), schema.CANDLE.encode())
    )


def _rfc3339(time_ns: int) -> bytes:
    return datetime.fromtimestamp(time_ns // NS, UTC).isoformat().replace("+00:00", "Z").encode()
