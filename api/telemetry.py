"""What the API counts, in Prometheus' text format at /telemetry: of all workers together.

Workers count into files of a shared folder, which prometheus-client adds up; workers.py names that folder in their
environment. https://prometheus.github.io/client_python/multiprocess/
"""

import os
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Gauge, Histogram, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from api.shelf import Shelf
from api.workers import TELEMETRY_FOLDER

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Telemetry:
    """The counters of one worker."""

    def __init__(self, shelf: Shelf, routes: Iterable[str]) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "coinwatch_api_request_duration_seconds",
            "requests by route, status, and whether the answer was kept, made or refused",
            ["route", "status", "how"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.queries = Histogram(
            "coinwatch_api_query_duration_seconds",
            "queries that a request waited for, by file and whether they were answered (ok, failed)",
            ["query", "outcome"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.streams = Gauge(
            "coinwatch_api_streams",
            "clients that listen to /stream",
            multiprocess_mode="livesum",
            registry=self.registry,
        )
        self.board = OfTheBoard(shelf)
        self.registry.register(self.board)
        self._requests: dict[tuple[str, int, str], Histogram] = {}
        for route in routes:
            self._request(route, 200, "made")

    def answered(self, route: str, status: int, how: str, seconds: float) -> None:
        """Counts a request."""
        self._request(route, status, how).observe(seconds)

    def _request(self, route: str, status: int, how: str) -> Histogram:
        found = self._requests.get((route, status, how))
        if found is None:
            found = self._requests[route, status, how] = self.requests.labels(route, status, how)
        return found

    def queried(self, query: str, answered: bool, seconds: float) -> None:
        """Counts a query."""
        self.queries.labels(query, "ok" if answered else "failed").observe(seconds)

    def text(self) -> bytes:
        """Everything that all workers have counted."""
        if TELEMETRY_FOLDER not in os.environ:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call] # prometheus-client leaves it unannotated
        together.register(self.board)
        return generate_latest(together)


class OfTheBoard(Collector):
    """What the shelf knows, asked when it is scraped."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def collect(self) -> Iterable[Metric]:
        """The figures of the newest board and of its reader."""
        shelf = self.shelf
        shelf.look()
        board, status = shelf.board, shelf.status
        yield GaugeMetricFamily("coinwatch_api_database_up", "1 while the database answers", value=not status.away)
        yield CounterMetricFamily("coinwatch_api_boards", "boards that were read", value=status.boards)
        yield GaugeMetricFamily("coinwatch_api_board_read_seconds", "time that the newest took", value=status.read_s)
        if board is not None:
            yield GaugeMetricFamily("coinwatch_api_board_age_seconds", "age of the newest board", value=shelf.age_s)
            yield GaugeMetricFamily("coinwatch_api_pairs", "pairs on the board", value=len(board.markets))
            yield GaugeMetricFamily("coinwatch_api_series", "series on the board", value=len(board.series))
            yield GaugeMetricFamily("coinwatch_api_frozen_series", "series that stand still", value=len(board.frozen))
