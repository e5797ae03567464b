"""Exchanges that have no adapter of their own, by way of ccxt: URLs out, bytes in, like every adapter.

ccxt does its requests in one method. Here that method either tells which address was asked for, or answers with bytes
that the poller has fetched. So all exchanges work whose markets and whose tickers are one public GET each; the others
are refused with what they would ask for. Needs the extra: pip install '.[ccxt]'.
Shapes: https://docs.ccxt.com/
"""

import difflib
from collections.abc import Callable, Iterator, Sequence
from math import nan
from typing import Any, ClassVar
from urllib.parse import urlsplit

import ccxt
import msgspec

from collector.decode import SHOWN, Body, Changed
from collector.exchange import Declined, Exchange, Pair, Quote

PREFIX = "ccxt:"
EXAMPLE = Pair("BTC/EUR", "BTC", "EUR", also=("BTC-EUR",))
"""A market for asking what ccxt would ask for, before any is known."""


class Unusable(Exception):
    """The exchange can't be collected by way of ccxt; the operator must choose another."""


class CcxtExchange(Exchange):
    """One of ccxt's exchanges; a pair's code is ccxt's symbol, its other name the exchange's own id."""

    ccxt_name: ClassVar[str]
    market_path: ClassVar[str]
    docs = "https://docs.ccxt.com/"
    quote_volume = "stated by the exchange or worked out by ccxt"

    def __init__(self) -> None:
        self._client = client(self.ccxt_name)

    def pair_urls(self) -> Sequence[str]:
        return [self.market_path]

    def ticker_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        know(self._client, pairs)
        return [path_of(url) for url in asked(self._client, self._client.fetch_tickers)]

    def pairs(self, body: Body) -> Iterator[Pair]:
        for market in answered(self._client, self._client.fetch_markets, body):
            if market["spot"] and market["active"] is not False:
                yield Pair(market["symbol"], market["base"], market["quote"], also=(market["id"],))

    def quotes(self, body: Body) -> Iterator[Quote]:
        for symbol, ticker in answered(self._client, self._client.fetch_tickers, body).items():
            price = nan if ticker["last"] is None else ticker["last"]
            yield Quote(symbol, price, ticker["baseVolume"], ticker["quoteVolume"])


def adapter(name: str) -> type[CcxtExchange]:
    """The adapter of one of ccxt's exchanges, `bitvavo`. Unusable: there is none, or it takes several requests."""
    if name not in ccxt.exchanges:
        near = difflib.get_close_matches(name, ccxt.exchanges, n=3) or ccxt.exchanges
        raise Unusable(f"ccxt knows no exchange {name!r}; the nearest: {', '.join(near)}")
    probe = client(name)
    urls = []
    for what, call in (("markets", probe.fetch_markets), ("tickers", probe.fetch_tickers)):
        know(probe, [EXAMPLE])
        found = asked(probe, call)
        if len(found) != 1:
            seen = ": " + ", ".join(found) if found else ""
            raise Unusable(f"ccxt has {len(found) or 'no'} requests for the {what} of {name}, not one{seen}")
        urls += found
    address, other = (f"{part.scheme}://{part.netloc}" for part in map(urlsplit, urls))
    if address != other:
        raise Unusable(f"{name} has its markets and its tickers at two addresses: {address}, {other}")
    facts = {
        "name": name,
        "ccxt_name": name,
        "base_url": address,
        "market_path": path_of(urls[0]),
        "limit": f"a request every {probe.rateLimit:g} ms, as ccxt has it",
    }
    return type(f"Ccxt{name.capitalize()}", (CcxtExchange,), facts)


def client(name: str) -> Any:
    """ccxt's exchange, which neither waits nor knows any market."""
    return getattr(ccxt, name)({"enableRateLimit": False})


def know(client: Any, pairs: Sequence[Pair]) -> None:
    """Has ccxt take the pairs for its markets, so that it does not ask for them itself."""
    client.set_markets(
        [
            client.safe_market_structure(
                {
                    "id": pair.also[0],
                    "symbol": pair.code,
                    "base": pair.base,
                    "baseId": pair.base,
                    "quote": pair.quote,
                    "quoteId": pair.quote,
                    "type": "spot",
                    "spot": True,
                    "active": True,
                }
            )
            for pair in pairs
        ]
    )


def asked(client: Any, call: Callable[[], object]) -> list[str]:
    """The addresses that a call would GET, each once. Unusable: it would send something."""
    urls: dict[str, None] = {}

    def fetch(url: str, method: str = "GET", headers: object = None, body: object = None) -> list[object]:
        if method != "GET":
            raise Unusable(f"ccxt wants to {method} to {url}")
        urls[url] = None
        return []

    client.fetch = fetch
    try:
        call()
    except Unusable:
        raise
    except (ccxt.BaseError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        pass  # it stumbles over the empty answer, after it has asked
    return list(urls)


def answered(client: Any, call: Callable[[], Any], body: Body) -> Any:
    """What a call makes of an answer. Declined: ccxt finds a refusal in it. Changed: ccxt can't read it."""
    try:
        answer = msgspec.json.decode(body.raw)
    except msgspec.DecodeError as error:
        raise Changed(f"{error}; {begins(body)}") from error

    def fetch(url: str, method: str = "GET", headers: object = None, sent: object = None) -> object:
        client.handle_errors(200, "OK", url, method, {}, body.raw.decode(), answer, headers, sent)
        return answer

    client.fetch = fetch
    try:
        return call()
    except (ccxt.RateLimitExceeded, ccxt.DDoSProtection) as error:
        raise Declined(str(error), limited=True) from error
    except ccxt.BaseError as error:
        raise Declined(str(error)) from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise Changed(f"ccxt can't read it ({error!r}); {begins(body)}") from error


def begins(body: Body) -> str:
    """How an answer begins, for an error's text."""
    return f"the answer begins {body.raw[:SHOWN].decode(errors='replace')!r}"


def path_of(url: str) -> str:
    """A URL without its address."""
    part = urlsplit(url)
    return part.path + (f"?{part.query}" if part.query else "")
