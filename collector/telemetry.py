"""The collector's figures for Prometheus, and for InfluxDB's scraper, which brings them into the ops bucket.

Every label value is there from the start, so a zero shows before the first failure.
"""

import contextlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Metric,
    Summary,
    disable_created_metrics,
    start_http_server,
)
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from collector import lines, state
from collector.feed import Polled

log = logging.getLogger("coinwatch.telemetry")

# Else each counter brings a series with the time of its first use, which nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call] # prometheus-client has no annotation here


class Asked(Collector):
    """A counter that somebody else keeps."""

    def __init__(self, name: str, meaning: str, figure: Callable[[], float]) -> None:
        self._name, self._meaning, self._figure = name, meaning, figure

    def collect(self) -> Iterable[Metric]:
        yield CounterMetricFamily(self._name, self._meaning, value=self._figure())


class Telemetry:
    """All metrics of one collector."""

    def __init__(self, exchanges: Sequence[str], registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self.polls = self._counter("coinwatch_polls", "polls by the state that they ended in", "exchange", "state")
        self.state = self._gauge("coinwatch_exchange_state", "1 for the state it is in", "exchange", "state")
        self.took = Summary(
            "coinwatch_poll_duration_seconds", "wall time of a poll", ["exchange"], registry=self.registry
        )
        self.quotes = self._counter("coinwatch_quotes", "quotes that are on disk", "exchange")
        self.newest = self._gauge("coinwatch_newest_quote_timestamp_seconds", "the newest quotes' tick", "exchange")
        self.lost = self._counter("coinwatch_quotes_without_room", "quotes the disk had no room for", "exchange")
        self.bad = self._counter("coinwatch_bad_rows", "rows that were left out", "exchange", "reason")
        self.unlisted = self._gauge("coinwatch_unlisted_tickers", "tickers of no pair of ours", "exchange")
        self.pairs = self._gauge("coinwatch_pairs", "series that are collected", "exchange")
        self.capped = self._gauge("coinwatch_capped_pairs", "series over COINWATCH_SERIES_LIMIT", "exchange")
        self.used = self._gauge("coinwatch_request_limit_used_ratio", "share of the exchange's limit used", "exchange")
        self.overruns = self._counter("coinwatch_poll_overruns", "polls that outlasted their interval", "exchange")
        self.missed = self._counter("coinwatch_missed_ticks", "ticks that nobody was awake for")
        for name in exchanges:
            for metric in (self.quotes, self.newest, self.lost, self.unlisted, self.pairs, self.capped, self.used):
                metric.labels(name)
            self.took.labels(name)
            self.overruns.labels(name)
            for word in state.NAMES:
                self.polls.labels(name, word)
                self.state.labels(name, word)
            for reason in lines.REASONS:
                self.bad.labels(name, reason)

    def polled(self, polled: Polled) -> None:
        """Counts a poll."""
        name = polled.exchange
        self.polls.labels(name, polled.state.name).inc()
        for word in state.NAMES:
            self.state.labels(name, word).set(word == polled.state.name)
        self.took.labels(name).observe(polled.took_s)
        self.quotes.labels(name).inc(polled.quotes)
        if polled.quotes:
            self.newest.labels(name).set(polled.tick_s)
        self.lost.labels(name).inc(polled.lost)
        for row in polled.bad:
            self.bad.labels(name, row.reason).inc()
        self.unlisted.labels(name).set(polled.unlisted)
        self.pairs.labels(name).set(polled.pairs)
        self.capped.labels(name).set(polled.capped)
        if polled.used is not None:
            self.used.labels(name).set(polled.used)

    def watch(self, name: str, meaning: str, figure: Callable[[], float]) -> None:
        """A gauge that asks for its figure when it is read."""
        self._gauge(name, meaning).set_function(figure)

    def count(self, name: str, meaning: str, figure: Callable[[], float]) -> None:
        """A counter that asks for its figure when it is read."""
        self.registry.register(Asked(name, meaning, figure))

    @contextlib.contextmanager
    def serve(self, host: str, port: int) -> Iterator[None]:
        """Shows the metrics at http://host:port/metrics; a port that is taken is told, and collecting goes on."""
        try:
            server, thread = start_http_server(port, host, self.registry)
        except OSError as error:
            log.error("no telemetry at %s:%d: %s; COINWATCH_COLLECTOR_PORT sets another", host, port, error.strerror)
            yield
            return
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(name, meaning, labels, registry=self.registry)
