"""How a round of filling holes goes on: in the log, and as points of the events bucket that /readyz shows."""

import logging
import time
from collections.abc import Callable

from collector.heal_round import Progress
from collector.lines import NS, tag, text
from collector.sink import Sink, taken
from influx import schema
from influx.outage import duration

log = logging.getLogger("coinwatch.history")

LOG_S = 300
POINT_S = 10


class Report:
    """One round's. `hear` is told of each step, `end` of the last state."""

    def __init__(
        self, exchange: str, per_minute: float, calls_each: int, sink: Sink, clock: Callable[[], float] = time.time
    ) -> None:
        self._exchange, self._per_minute, self._calls_each = exchange, per_minute, calls_each
        self._sink, self._clock = sink, clock
        self._begun_s = self._logged_s = clock()
        self._written_s = 0.0

    def hear(self, progress: Progress) -> None:
        """A step was made, or the first one is about to be."""
        now_s = self._clock()
        if progress.done == 0:
            self._tell_begin(progress)
        elif now_s - self._logged_s >= LOG_S:
            log.info("%s: candles of %d of %d pairs fetched", self._exchange, progress.done, progress.total)
            self._logged_s = now_s
        if now_s - self._written_s >= POINT_S:
            self._write(progress, now_s)

    def end(self, progress: Progress) -> None:
        """The round is over."""
        now_s = self._clock()
        self._write(progress, now_s)
        if not progress.total:
            return
        said = f"{self._exchange}: {progress.healed} missing minutes of {progress.total} pairs filled from candles"
        said += f" in {duration(now_s - self._begun_s)}"
        if progress.lost:
            said += f"; {progress.lost} minutes are not to be had from it and stay holes"
        if progress.failed:
            said += f"; {progress.failed} pairs failed and are tried again in an hour, the last {progress.reason}"
        (log.warning if progress.failed else log.info)("%s", said)

    def _tell_begin(self, progress: Progress) -> None:
        takes_s = progress.total * self._calls_each / self._per_minute * 60
        log.info(
            "%s: %d pairs lack minutes; fetching candles, the most traded pairs first, at %g calls/min: about %s",
            self._exchange,
            progress.total,
            self._per_minute,
            duration(takes_s),
        )

    def _write(self, progress: Progress, now_s: float) -> None:
        self._written_s = now_s
        taken(self._sink, [backfill_line(self._exchange, progress, int(now_s * NS))], schema.EVENTS.name)


def backfill_line(exchange: str, progress: Progress, time_ns: int) -> str:
    """The point that says how far an exchange's candles are."""
    numbers = ",".join(
        f"{name}={float(value)!r}"
        for name, value in (
            ("done", progress.done),
            ("total", progress.total),
            ("healed", progress.healed),
            ("lost", progress.lost),
            ("failed", progress.failed),
        )
    )
    return f"{schema.BACKFILL},exchange={tag(exchange)} {numbers},reason={text(progress.reason)} {time_ns}"
