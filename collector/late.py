"""What was written late: the range of ticks an exchange's quotes came for, so that alerts can judge those ticks again.

A check judges a tick soon after it. Quotes that a spool kept or that candles healed come after that.
"""

import re
from datetime import UTC, datetime

from influx import schema
from influx.check import CANDLES_AGAIN_AFTER_S, QUOTES_AFTER_S

NS = 1_000_000_000
CANDLE_S = 60  # a candle can't be there before its minute is over
MARGIN_S = 1  # between our clock and the database's

SERIES = re.compile(rb"^(\w+),(?:[^ \n]*?,)?exchange=((?:\\.|[^,\\ \n])+)[^\n]* (\d+)$", re.MULTILINE)


def is_late(time_ns: int, now_s: float, after_s: float = QUOTES_AFTER_S) -> bool:
    """Whether what was due at that time comes too late for the check that judges it `after_s` later."""
    return time_ns / NS < now_s - after_s + MARGIN_S


def late_lines(lines: bytes, now_s: float) -> bytes:
    """Event lines for what is late of some market lines, one an exchange and measurement; empty if nothing is."""
    ranges: dict[tuple[bytes, bytes], tuple[int, int]] = {}
    for measurement, exchange, digits in SERIES.findall(lines):
        time_ns = int(digits)
        if measurement == schema.CANDLE.encode():
            late = is_late(time_ns + CANDLE_S * NS, now_s, CANDLES_AGAIN_AFTER_S)
        else:
            late = is_late(time_ns, now_s)
        if late:
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
