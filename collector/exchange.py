"""The interface between an exchange and the collector: URLs out, bytes in, records out.

An adapter is pure: it has no network, clock, log or thread. Those are the poller's.
To add an exchange, add one file to collector/exchanges/ and one folder of cases; docs/contributing.md says how.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from msgspec import Struct

from collector.decode import Body


class Pair(Struct, frozen=True):
    """A market as the exchange lists it: its own code, base and quote currency in the exchange's spelling.

    `also` are other codes under which its tickers may come.
    """

    code: str
    base: str
    quote: str
    also: tuple[str, ...] = ()


class Quote(Struct, frozen=True, gc=False):
    """A ticker's figures. price in quote currency; volume of the rolling 24 h in base, quote_volume in quote currency.

    None where the exchange does not say.
    """

    code: str
    price: float
    volume: float | None = None
    quote_volume: float | None = None


class Candle(Struct, frozen=True, gc=False):
    """One closed or running candle: `time_s` is its start in Unix seconds, volume in base currency."""

    time_s: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class Declined(Exception):
    """The exchange answered in its own envelope that it would not; `limited`: because we asked too often."""

    def __init__(self, message: str, limited: bool = False) -> None:
        super().__init__(message)
        self.limited = limited


class Exchange(ABC):
    """One exchange's facts and its four methods."""

    name: ClassVar[str]
    base_url: ClassVar[str]
    docs: ClassVar[str]
    """Where the shapes are documented."""
    limit: ClassVar[str]
    """The published request limit, in words."""
    aliases: ClassVar[Mapping[str, str]] = {}
    """Currency codes that this exchange spells in its own way, to the common ones: XBT to BTC."""
    quote_volume: ClassVar[str] = "stated"
    """Where a quote's quote_volume comes from, in words, when the exchange does not state it."""
    weight_header: ClassVar[str | None] = None
    """The answer's header, in lower case, that says how much of `weight_limit` this minute's calls have used."""
    weight_limit: ClassVar[int | None] = None
    remaining_header: ClassVar[str | None] = None
    """The answer's header, in lower case, that says how many calls are left, where it says that instead."""
    details_per_minute: ClassVar[int] = 0
    """How many of `detail_urls` the limit allows in a minute, next to everything else."""

    @abstractmethod
    def pair_urls(self) -> Sequence[str]:
        """Paths below the base address that together list every market."""

    @abstractmethod
    def ticker_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        """Paths that together give the tickers of all pairs, in as few calls as the exchange offers."""

    def detail_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        """Paths, one a pair, for figures that ticker_urls can't give in bulk; asked in turn, some at each poll."""
        return ()

    @abstractmethod
    def pairs(self, body: Body) -> Iterator[Pair]:
        """The open spot markets of one answer to pair_urls."""

    @abstractmethod
    def quotes(self, body: Body) -> Iterator[Quote]:
        """The tickers of one answer to ticker_urls or detail_urls."""


class History(ABC):
    """The optional second interface: the exchange's own candles."""

    candle_step_s: ClassVar[int] = 60
    """Length of one candle."""
    candles_per_call: ClassVar[int]
    """Most candles in one answer."""
    candle_depth: ClassVar[int | None] = None
    """How many candles back the exchange goes; None: as far as it has traded."""
    candle_requests_per_minute: ClassVar[int]
    """Candle calls that the published limit allows in a minute."""

    @abstractmethod
    def candle_url(self, pair: Pair, start_s: int, end_s: int) -> str:
        """The path of the pair's candles that start in [start_s, end_s), Unix seconds on the step's grid."""

    @abstractmethod
    def candles(self, body: Body) -> Iterator[Candle]:
        """The candles of one answer in any order, the running one included: the caller knows the time."""
