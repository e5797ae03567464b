"""Alerts: what a run of the checks costs beside its two bare aggregates, and how long a spike takes to its log line.

A run's time is what influxd states of it as a task; ours and bare take turns. The default rules on price and volume are
one run, which reads both; each alone, as it would run if it were the only rule, stands behind it.
500 spikes cost the same whatever the size of the market: monitor.check makes 500 statuses of them. What bare and these
cost with nothing judged stands behind: of a run of one metric at 1,000 series it is about the limit by itself.
The spikes go through simulator, collector, influxd, notification rule and API as processes of their own at default
settings.
"""

from collections.abc import Iterator

from bench.alerts import cost, spikes
from bench.row import Row


def rows() -> Iterator[Row]:
    """All of them."""
    yield from cost.rows()
    yield from spikes.rows()
