"""Serves one page of one exchange: the fault that is on, or the page over the market at this moment."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from msgspec import DecodeError
from starlette.requests import Request
from starlette.responses import Response

from tests.exchange_simulator.faults import refusal
from tests.exchange_simulator.journal import Answer
from tests.exchange_simulator.listing import NotListed
from tests.exchange_simulator.market import Candle, Market
from tests.exchange_simulator.simulation import Simulation, Venue
from tests.exchange_simulator.wire import Asked, Candles, Page, Pairs, Refusal, Tickers

HANG_LOOK_S = 0.05


def serve(simulation: Simulation, venue: Venue, page: Page) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of a page."""

    async def endpoint(request: Request) -> Response:
        now_s = simulation.clock()
        used = venue.weigh(page.weight, now_s)
        fault = venue.fault(now_s)
        if fault and fault.kind == "hang":
            simulation.log(venue.wire.name, _path(request, venue), now_s, 0, page.weight)
            return await _hang(simulation, venue, request)
        response = fault and refusal(fault, venue.wire, now_s)
        if not response:
            response = _answer(simulation, venue, page, request, now_s, fault.kind if fault else "none")
        if venue.wire.weight_header:
            response.headers[venue.wire.weight_header] = str(used)
        if venue.wire.remaining_header:
            response.headers[venue.wire.remaining_header] = str(max(0, venue.wire.weight_limit - used))
        simulation.log(venue.wire.name, _path(request, venue), now_s, response.status_code, page.weight)
        return response

    return endpoint


def _path(request: Request, venue: Venue) -> str:
    """Path and query below the exchange's address."""
    path = request.url.path.removeprefix(f"/{venue.wire.name}")
    return f"{path}?{request.url.query}" if request.url.query else path


async def _hang(simulation: Simulation, venue: Venue, request: Request) -> Response:
    """Says nothing until the fault is over or the caller has gone."""
    while (fault := venue.fault(simulation.clock())) and fault.kind == "hang":
        if await request.is_disconnected():
            break
        await asyncio.sleep(HANG_LOOK_S)
    return Response(b"gateway timeout", 504, media_type="text/plain")


def _answer(simulation: Simulation, venue: Venue, page: Page, request: Request, now_s: float, fault: str) -> Response:
    asked = Asked({**request.query_params, **request.path_params}, now_s)
    try:
        body = _body(simulation, venue, page, asked, fault)
    except NotListed:
        return _refused(venue.wire.unknown_market)
    except (ValueError, DecodeError) as error:
        return Response(f"malformed parameter: {error}", 400, media_type="text/plain")
    return Response(body, media_type="application/json")


def _body(simulation: Simulation, venue: Venue, page: Page, asked: Asked, fault: str) -> bytes:
    """The page's bytes. Quotes are journalled only when they are served whole."""
    empty = fault == "empty"
    match page:
        case Pairs():
            body = page.encode(() if empty else venue.listing.markets, asked)
        case Candles():
            market, candles = _candles(venue, page, asked)
            body = page.encode(market, () if empty else candles, asked)
        case Tickers():
            markets = venue.listing.asked(page.codes(asked))
            whole = fault == "none"
            factors = venue.spikes.take(markets) if whole else {}
            answer = Answer(venue.wire.name, asked.now_s, markets, factors, page.stated)
            body = page.encode([] if empty else answer.tickers(), asked)
            if whole:
                simulation.journal.answers.append(answer)
    return body[: len(body) // 2] if fault == "truncate" else body


def _candles(venue: Venue, page: Candles, asked: Asked) -> tuple[Market, Sequence[Candle]]:
    span = page.span(asked)
    (market,) = venue.listing.asked([span.code])
    candles = market.candles(
        span.start_s, span.end_s, asked.now_s, span.step_s, lambda minute_s: venue.spikes.traded(market.pair, minute_s)
    )
    return market, candles if page.quiet else [candle for candle in candles if candle.volume]


def _refused(refusal: Refusal) -> Response:
    return Response(refusal.body, refusal.status, media_type="application/json")
