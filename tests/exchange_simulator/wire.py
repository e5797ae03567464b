"""The interface of a simulated exchange: which pages it has and how its markets, tickers and candles look on them.

A wire is pure: records in, bytes out. Sockets, time, faults, spikes, journal and request log are app.py's.
To add an exchange, add one file with one `Wire` to exchanges/; kraken.py there is the example.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from msgspec import Struct

from tests.exchange_simulator.market import Candle, Market, Ticker


class Asked(Struct, frozen=True):
    """What a request asks for: its path's and its query's parameters in one, and the time it came, Unix seconds."""

    parameters: Mapping[str, str]
    now_s: float

    def text(self, name: str, default: str = "") -> str:
        return self.parameters.get(name, default)

    def number(self, name: str, default: int) -> int:
        """An integer parameter. ValueError when it is none, which is answered with 400."""
        return int(self.parameters.get(name, default))


class Span(Struct, frozen=True):
    """The candles that a request asks for: those that start in [start_s, end_s), by the exchange's code of the market.

    The wire has applied the exchange's own limit a call already. `step_s` is a multiple of 60.
    """

    code: str
    start_s: int
    end_s: int
    step_s: int = 60


class Stated(Struct, frozen=True):
    """The volumes that a reader takes from a ticker, None where the page has none: what the journal keeps of it."""

    volume: float | None
    quote_volume: float | None


def both_volumes(ticker: Ticker) -> Stated:
    return Stated(ticker.volume, ticker.quote_volume)


def every_market(asked: Asked) -> None:
    """The page has the tickers of all markets."""


class Pairs(Struct, frozen=True):
    """A page that lists every market. `weight` is what a call costs under the exchange's limit."""

    encode: Callable[[Sequence[Market], Asked], bytes]
    weight: int = 1


class Tickers(Struct, frozen=True):
    """A page of tickers: of the codes that `codes` finds in the request, or of all markets when it finds None."""

    encode: Callable[[Sequence[Ticker], Asked], bytes]
    codes: Callable[[Asked], Sequence[str] | None] = every_market
    stated: Callable[[Ticker], Stated] = both_volumes
    weight: int = 1


class Candles(Struct, frozen=True):
    """A page of one market's candles. `encode` gets them oldest first; without `quiet`, only those with a trade."""

    span: Callable[[Asked], Span]
    encode: Callable[[Market, Sequence[Candle], Asked], bytes]
    quiet: bool = True
    weight: int = 1


Page = Pairs | Tickers | Candles


class Refusal(Struct, frozen=True):
    """How an exchange says no."""

    status: int
    body: bytes


class Wire(ABC):
    """One exchange's wire format. `name` is the collector's name of it."""

    name: ClassVar[str]
    unknown_market: ClassVar[Refusal] = Refusal(404, b'{"error":"unknown symbol"}')
    """The answer when a code is asked for that the exchange does not list."""
    declined: ClassVar[Refusal] = Refusal(429, b'{"error":"too many requests"}')
    """The answer to a caller that asked too often, in the exchange's own envelope."""
    weight_header: ClassVar[str | None] = None
    """The header that says how much weight this minute's calls have used, if the exchange sends one."""
    remaining_header: ClassVar[str | None] = None
    """The header that says how much of `weight_limit` is left this minute, if the exchange sends that instead."""
    weight_limit: ClassVar[int] = 6000

    @abstractmethod
    def pages(self) -> Mapping[str, Page]:
        """Every page by its path below the exchange's address; `{name}` in a path is a parameter of `Asked`.

        A `{name}` takes one segment of the path. Old and new names of a page are two entries.
        """

    @abstractmethod
    def codes(self, market: Market) -> Sequence[str]:
        """The codes under which a market may be asked for; the first is the exchange's own."""
