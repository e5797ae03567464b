"""The route table: every endpoint in one line, and the application made from it."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from api import health, hook, metrics, pair_metrics, problems, rank
from api.endpoint import Endpoint
from api.service import Service
from api.workers import end_with_parent
from influx import log
from influx.settings import read_settings

PAGE = Path(__file__).parent / "page"

ENDPOINTS = (
    Endpoint("/metrics", metrics.metrics),
    Endpoint("/metrics/{pair:text}", pair_metrics.pair_metrics, asks_database=True),
    Endpoint("/rank/{pair:text}", rank.rank),
    Endpoint("/healthz", health.healthz),
    Endpoint("/readyz", health.readyz),
)


def application(service: Service) -> Starlette:
    """The application over one worker's tools."""
    routes: list[BaseRoute] = [endpoint.route(service) for endpoint in ENDPOINTS]
    routes += [
        hook.route(service),
        Route("/", page),
        Mount("/page", StaticFiles(directory=PAGE, check_dir=False)),
    ]
    return Starlette(
        routes=routes,
        exception_handlers={
            problems.Problem: problems.answer,
            HTTPException: problems.answer_http,
            Exception: problems.answer_fault,
        },
    )


async def page(request: Request) -> FileResponse:
    """The web page."""
    return FileResponse(PAGE / "index.html")


def create() -> Starlette:
    """The application of one worker, by the environment's settings."""
    settings = read_settings()
    log.set_up(settings, "api")
    end_with_parent()
    return application(Service(settings))
