"""How much of its request limit an exchange says that we have used, in the headers of its answers."""

from collections.abc import Mapping

from collector.exchange import Exchange
from collector.outcome import Limited

NEARLY = 0.9
WINDOW_S = 60


def used(exchange: Exchange, headers: Mapping[str, str]) -> float | None:
    """The share of the limit that is used, where the exchange says so; header names are in lower case."""
    weight = headers.get(exchange.weight_header or "", "")
    if weight.isdigit() and exchange.weight_limit:
        return int(weight) / exchange.weight_limit
    remaining = headers.get(exchange.remaining_header or "", "")
    return 1.0 if remaining == "0" else None


def pause(share: float | None, now_s: float) -> Limited | None:
    """A pause of our own, to the end of the minute, before the exchange has to ask for one."""
    if share is None or share < NEARLY:
        return None
    return Limited("the request limit is nearly used", now_s - now_s % WINDOW_S + WINDOW_S)
