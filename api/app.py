"""The route table: every endpoint in one line, and the application made from it."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from api import (
    alert_list,
    candles,
    docs_page,
    exchanges,
    health,
    hook,
    metrics,
    openapi,
    pair_metrics,
    prices,
    rank,
    telemetry,
)
from api.endpoint import JSON, NOTHING_KEPT, Endpoint
from api.fixed import Fixed
from api.front import Front
from api.service import Service
from api.workers import end_with_parent
from influx import log
from influx.settings import read_settings
from influx.version import version

PAGE = Path(__file__).parent / "page"
HTML = b"text/html; charset=utf-8"

ENDPOINTS = (
    Endpoint("/metrics", metrics.metrics),
    Endpoint("/metrics/{pair}", pair_metrics.pair_metrics, asks_database=True),
    Endpoint("/rank", rank.ranks),
    Endpoint("/rank/{pair}", rank.rank),
    Endpoint("/prices", prices.prices),
    Endpoint("/pairs/{pair}/candles", candles.candles, asks_database=True),
    Endpoint("/exchanges", exchanges.exchanges, kept_s=NOTHING_KEPT),
    Endpoint("/alerts", alert_list.alerts, asks_database=True, kept_s=2),
    Endpoint("/healthz", health.healthz, kept_s=NOTHING_KEPT),
    Endpoint("/readyz", health.readyz, kept_s=NOTHING_KEPT),
)


def application(service: Service) -> ASGIApp:
    """The application over one worker's tools."""
    described = openapi.document(ENDPOINTS, service.settings, version())
    routes: list[BaseRoute] = [
        *(endpoint.route(service) for endpoint in ENDPOINTS),
        Fixed("/openapi.json", openapi.encode(described), JSON).route(),
        Fixed("/docs", docs_page.page(described), HTML).route(),
        Route("/telemetry", lambda _: Response(service.telemetry.text(), media_type=telemetry.MEDIA_TYPE)),
        hook.route(service),
        Route("/", page),
        Mount("/page", StaticFiles(directory=PAGE)),
    ]
    return Front(Router(routes, redirect_slashes=False), service)


async def page(request: Request) -> FileResponse:
    """The web page."""
    return FileResponse(PAGE / "index.html")


def create() -> ASGIApp:
    """The application of one worker, by the environment's settings."""
    settings = read_settings()
    log.set_up(settings, "api")
    end_with_parent()
    return application(Service(settings, routes=[endpoint.path for endpoint in ENDPOINTS]))
