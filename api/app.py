"""The route table: every endpoint in one line, and the application made from it."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from api import alert_list, candles, exchanges, health, hook, metrics, pair_metrics, prices, rank
from api.endpoint import Endpoint
from api.front import Front
from api.service import Service
from api.workers import end_with_parent
from influx import log
from influx.settings import read_settings

PAGE = Path(__file__).parent / "page"

ENDPOINTS = (
    Endpoint("/metrics", metrics.metrics),
    Endpoint("/metrics/{pair}", pair_metrics.pair_metrics, asks_database=True),
    Endpoint("/rank", rank.ranks),
    Endpoint("/rank/{pair}", rank.rank),
    Endpoint("/prices", prices.prices),
    Endpoint("/pairs/{pair}/candles", candles.candles, asks_database=True),
    Endpoint("/exchanges", exchanges.exchanges, kept_s=0),
    Endpoint("/alerts", alert_list.alerts, asks_database=True, kept_s=2),
    Endpoint("/healthz", health.healthz, kept_s=0),
    Endpoint("/readyz", health.readyz, kept_s=0),
)


def application(service: Service) -> ASGIApp:
    """The application over one worker's tools."""
    routes: list[BaseRoute] = [endpoint.route(service) for endpoint in ENDPOINTS]
    routes += [
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
