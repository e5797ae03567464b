"""The watch over the service itself: its answers, the spool, dead letters, the disk, the bound on series.

By the figures that API and collector show (docs/telemetry.md), read over HTTP, so that it works without the database.
"""

import itertools
import shutil
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterable

from msgspec import Struct
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from api.conditions import Conditions
from api.service_disk import Disk
from influx.settings import Settings

WINDOW_S = 300
AVAILABLE = 0.99
FEWEST_REQUESTS = 20
NEAR = 0.9
TIMEOUT_S = 5


class Figures(Struct, frozen=True):
    """What was shown at a moment; None where nobody answered."""

    time_s: float
    requests: float | None
    failures: float | None
    spool: float | None
    refused: float | None
    pairs: float | None


class ServiceWatch:
    """Used by one thread."""

    def __init__(self, settings: Settings, conditions: Conditions, clock: Callable[[], float] = time.time) -> None:
        self._settings, self._conditions, self._clock = settings, conditions, clock
        self._seen: deque[Figures] = deque()
        self._disk = Disk(settings)

    def look(self) -> None:
        """Reads the figures, and raises and ends what has changed."""
        api = read(f"{self._settings.api_url}/telemetry")
        collector = read(f"http://{self._settings.collector_host}:{self._settings.telemetry_port}/metrics")
        self.take(figures(self._clock(), api, collector))
        self._disk.take(shutil.disk_usage(self._settings.home), self._clock())
        self._conditions.settle("disk nearly full", self._disk.told, "there is room again")

    def take(self, now: Figures) -> None:
        """Judges the last five minutes."""
        self._seen.append(now)
        while self._seen[0].time_s < now.time_s - WINDOW_S:
            self._seen.popleft()
        self._conditions.settle("availability", self._availability(now), "answers are good again")
        self._conditions.settle("spool", self._spool(), "the spool is empty again")
        self._conditions.settle("dead letters", self._dead_letters(now), "none have been added for 5 min,")
        self._conditions.settle("series", self._series(now), "there is room again")

    def _availability(self, now: Figures) -> dict[str, str]:
        asked, failed = grown(self._seen, lambda one: one.requests), grown(self._seen, lambda one: one.failures)
        if asked < FEWEST_REQUESTS or 1 - failed / asked >= AVAILABLE:
            return {}
        return {"api": f"{failed:.0f} of {asked:.0f} requests failed in the last 5 min"}

    def _spool(self) -> dict[str, str]:
        known = [one.spool for one in self._seen if one.spool is not None]
        whole = self._seen[-1].time_s - self._seen[0].time_s >= WINDOW_S * NEAR
        if not whole or not known or not all(known):
            return {}
        return {"collector": f"the spool has not been empty for 5 min; {known[-1]:.0f} batches wait for the database"}

    def _dead_letters(self, now: Figures) -> dict[str, str]:
        count = grown(self._seen, lambda one: one.refused)
        told = f"{count:.0f} lines were refused for good; python -m collector dead-letters shows them"
        return {"collector": told} if count else {}

    def _series(self, now: Figures) -> dict[str, str]:
        limit = self._settings.series_limit
        if now.pairs is None or now.pairs < NEAR * limit:
            return {}
        return {"collector": f"{now.pairs:.0f} series of the {limit} that COINWATCH_SERIES_LIMIT allows"}


def read(url: str) -> list[Sample]:
    """The figures at an address; none where nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:
            text = answer.read().decode()
    except (OSError, urllib.error.URLError, ValueError):
        return []
    return [sample for family in text_string_to_metric_families(text) for sample in family.samples]


def figures(now_s: float, api: Iterable[Sample], collector: Iterable[Sample]) -> Figures:
    """What the watch needs of all figures."""
    requests = [one for one in api if one.name == "coinwatch_api_request_duration_seconds_count"]
    failures = [one for one in requests if one.labels.get("status", "").startswith("5")]
    collected = list(collector)
    return Figures(
        now_s,
        total(requests, requests),
        total(failures, requests),
        total(named(collected, "coinwatch_spool_batches"), collected),
        total(named(collected, "coinwatch_lines_refused_total"), collected),
        total(named(collected, "coinwatch_pairs"), collected),
    )


def named(samples: Iterable[Sample], name: str) -> list[Sample]:
    """The samples of one metric."""
    return [one for one in samples if one.name == name]


def total(samples: Iterable[Sample], known: Iterable[Sample]) -> float | None:
    """Their sum, None where nothing at all is known."""
    return sum(one.value for one in samples) if list(known) else None


def grown(seen: Iterable[Figures], figure: Callable[[Figures], float | None]) -> float:
    """By how much a counter has grown; one that began anew counts from 0."""
    known = [value for one in seen if (value := figure(one)) is not None]
    return sum(after - before if after >= before else after for before, after in itertools.pairwise(known))
