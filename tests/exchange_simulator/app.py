"""The simulator's routes: every page of every exchange under the exchange's name, and the control requests."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.exchange_simulator import control, pages
from tests.exchange_simulator.simulation import Simulation


def make_app(simulation: Simulation) -> Starlette:
    """The application over one simulated market."""
    routes = control.routes(simulation)
    for name, venue in simulation.venues.items():
        for path, page in venue.wire.pages().items():
            routes.append(Route(f"/{name}{path}", pages.serve(simulation, venue, page)))
    return Starlette(routes=[*routes, Route("/{exchange}/{path:path}", _no_page(simulation))])


def _no_page(simulation: Simulation) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        exchange = request.path_params["exchange"]
        simulation.log(exchange, f"/{request.path_params['path']}", simulation.clock(), 404, 0)
        if exchange in simulation.venues:
            known = ", ".join(simulation.venues[exchange].wire.pages())
        else:
            known = ", ".join(simulation.venues)
        return PlainTextResponse(f"{request.url.path} is not simulated; accepted: {known}\n", 404)

    return endpoint
