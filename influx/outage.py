"""An outage is two log lines: when it begins and when it ends, with how long it lasted and what was missed.

While it lasts nothing is logged, unless its reason becomes another one. For exchange, database and mail alike.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime


class Outage:
    """Whether something that should come is away, since when and how much was missed. Safe to share between threads.

    Outage(log, "kraken", "quotes", "ticks", "polling goes on") says:
    kraken: no quotes since 12:04:00 (HTTP 503 "Service Unavailable"); polling goes on
    kraken: quotes again after 3 min; 3 ticks missed
    """

    def __init__(
        self,
        log: logging.Logger,
        subject: str,
        lacking: str,
        unit: str,
        meanwhile: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._log, self._clock = log, clock
        self._subject, self._lacking, self._unit, self._meanwhile = subject, lacking, unit, meanwhile
        self._lock = threading.Lock()
        self._reason: str | None = None
        self._since_s = 0.0
        self._missed = 0

    @property
    def since_s(self) -> float | None:
        """When it began, in Unix seconds; None while all is well."""
        return None if self._reason is None else self._since_s

    @property
    def missed(self) -> int:
        """How much was missed since it began."""
        return self._missed

    def failed(self, reason: str, missed: int = 1, detail: str = "") -> None:
        """Counts `missed`; logs the first time and when `reason` differs. `detail` is shown, not compared."""
        with self._lock:
            if self._reason is None:
                self._since_s, self._missed = self._clock(), 0
            self._missed += missed
            told, self._reason = self._reason == reason, reason
            since_s = self._since_s
        if not told:
            meanwhile = f"; {self._meanwhile}" if self._meanwhile else ""
            text = f"{self._subject}: no {self._lacking} since {time_of_day(since_s)} ({reason}{detail}){meanwhile}"
            self._log.warning("%s", text)

    def over(self, then: str = "") -> int:
        """Ends the outage if there is one; `then` says what is done about what was missed. Answers how much that is."""
        with self._lock:
            if self._reason is None:
                return 0
            self._reason = None
            missed, lasted_s = self._missed, self._clock() - self._since_s
            self._missed = 0
        lost = f"; {missed} {self._unit} missed" if missed else ""
        text = f"{self._subject}: {self._lacking} again after {duration(lasted_s)}{lost}{', ' + then if then else ''}"
        self._log.info("%s", text)
        return missed


def time_of_day(moment_s: float) -> str:
    """12:04:00, UTC."""
    return datetime.fromtimestamp(moment_s, UTC).strftime("%H:%M:%S")


def duration(length_s: float) -> str:
    """A length of time as one reads it: 8 s, 3 min, 2 h 5 min, 3 d 4 h."""
    whole_s = max(0, round(length_s))
    if whole_s < 60:
        return f"{whole_s} s"
    minutes, hours, days = whole_s // 60, whole_s // 3600, whole_s // 86_400
    if minutes < 60:
        return f"{minutes} min"
    if hours < 24:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    return f"{days} d {hours % 24} h" if hours % 24 else f"{days} d"
