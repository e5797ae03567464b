"""The route table: every endpoint in one line, and the application made from it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from api import (
    alert_list,
    alert_rules,
    candles,
    coingecko,
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
from api.stream import Stream
from api.workers import end_with_parent, on_stop
from influx import log
from influx.settings import read_settings
from influx.version import version

PAGE = Path(__file__).parent / "page"
HTML = b"text/html; charset=utf-8"

ENDPOINTS = (
    Endpoint("/metrics", metrics.metrics),
    Endpoint("/metrics/{pair}", pair_metrics.pair_metrics),
    Endpoint("/rank", rank.ranks),
    Endpoint("/rank/{pair}", rank.rank),
    Endpoint("/prices", prices.prices),
    Endpoint("/pairs/{pair}/candles", candles.candles, asks_database=True),
    Endpoint("/exchanges", exchanges.exchanges, kept_s=NOTHING_KEPT),
    Endpoint("/alerts", alert_list.alerts, asks_database=True, kept_s=2),
    Endpoint("/alerts/rules", alert_rules.alert_rules, kept_s=2),
    Endpoint("/healthz", health.healthz, kept_s=NOTHING_KEPT),
    Endpoint("/readyz", health.readyz, kept_s=NOTHING_KEPT),
)


def application(service: Service, started: Callable[[], None] = lambda: None) -> ASGIApp:
    """The application over one worker's tools; calls `started` once it serves."""

    @asynccontextmanager
    async def lifespan(_: Router) -> AsyncIterator[None]:
        started()
        yield
        service.asking.close()

    endpoints = (*ENDPOINTS, *coingecko.ENDPOINTS)
    described = openapi.document(endpoints, service.settings, version())
    routes: list[BaseRoute] = [
        *(endpoint.route(service) for endpoint in endpoints),
        Fixed("/openapi.json", openapi.encode(described), JSON).route(),
        Fixed("/docs", docs_page.page(described), HTML).route(),
        Route("/telemetry", lambda _: Response(service.telemetry.text(), media_type=telemetry.MEDIA_TYPE)),
        Stream(service).route(),
        hook.route(service),
        Route("/", page),
        Mount("/page", StaticFiles(directory=PAGE)),
    ]
    return Front(Router(routes, redirect_slashes=False, lifespan=lifespan), service)


async def page(request: Request) -> FileResponse:
    """The web page."""
    return FileResponse(PAGE / "index.html")


def create() -> ASGIApp:
    """The application of one worker, by the environment's settings."""
    settings = read_settings()
    log.set_up(settings, "api")
    end_with_parent()
    service = Service(settings, routes=[endpoint.path for endpoint in ENDPOINTS])
    return application(service, lambda: on_stop(service.stop))  # only once it serves has uvicorn set its own handlers
