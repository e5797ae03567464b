"""The peer: a bare Starlette application whose routes return the bytes that the API returned, and nothing else."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FOLDER = "BENCH_BARE"


def create() -> Starlette:
    """The application; each file of the folder in BENCH_BARE is a route's answer."""
    folder = Path(os.environ[FOLDER])
    routes = [Route(f"/{path.name}/{{pair}}", answering(path.read_bytes())) for path in folder.iterdir()]
    return Starlette(routes=[*routes, Route("/unchanged/{pair}", unchanged)])


def answering(body: bytes) -> Callable[[Request], Awaitable[Response]]:
    """A handler that always answers the same."""

    async def answer(request: Request) -> Response:
        return Response(body, media_type="application/json")

    return answer


async def unchanged(request: Request) -> Response:
    """A handler that always answers 304."""
    return Response(status_code=304, headers={"ETag": '"0f6c2d"'})
