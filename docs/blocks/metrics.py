"""The metrics of the collector and of the API, as their registries hold them."""

import tempfile
from pathlib import Path

from prometheus_client import CollectorRegistry, Metric

from api.app import ENDPOINTS
from api.board import Published
from api.reader import board_path, publish
from api.shelf import Shelf
from api.telemetry import Telemetry as ApiTelemetry
from collector import dead_letters
from collector.service import MB, watch
from collector.spool import Spool
from collector.telemetry import Telemetry
from collector.writer import Writer
from docs.markdown import code, table
from influx.settings import Settings

TOLD = {"exchange", "how", "outcome", "query", "route", "status"}
"""Labels whose values their name or the metric's meaning tells."""
BUCKET = "le"


def collector_metrics() -> str:
    """A row a metric of `python -m collector run`."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        spool = Spool(settings.home / "spool", settings.spool_limit * MB)
        telemetry = Telemetry(["kraken"])
        watch(telemetry, spool, Writer(spool, dead_letters.folder(settings), lambda: None, settings.interval))
        shown = metric_table(telemetry.registry)
        spool.close()
    return shown


def api_metrics() -> str:
    """A row a metric of `python -m api`."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        publish(board_path(settings), Published(0, []))  # some are there only beside a board
        telemetry = ApiTelemetry(Shelf(settings), [endpoint.path for endpoint in ENDPOINTS])
        telemetry.queried("chart", True, 0.1)
        return metric_table(telemetry.registry)


def metric_table(registry: CollectorRegistry) -> str:
    """A row a metric: its name as it is scraped, its kind, its labels with the values that they can have."""
    metrics = sorted(registry.collect(), key=lambda metric: metric.name)
    rows = ([code(_name(metric)), metric.type, _labels(metric), metric.documentation] for metric in metrics)
    return table(("metric", "kind", "labels", "meaning"), rows)


def _name(metric: Metric) -> str:
    return f"{metric.name}_total" if metric.type == "counter" else metric.name


def _labels(metric: Metric) -> str:
    values: dict[str, dict[str, None]] = {}
    for sample in metric.samples:
        for name, value in sample.labels.items():
            if name != BUCKET:
                values.setdefault(name, {})[value] = None
    return "; ".join(name if name in TOLD else f"{name}: {', '.join(of)}" for name, of in values.items())
