"""What the simulator did: every quote that it served and every request that it got.

A quote follows from the seed, the time and the spikes, so an answer is kept as those and its quotes are computed
again when the journal is read: an hour of fifty thousand pairs takes no memory to speak of.
"""

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from tests.exchange_simulator.market import Market, Ticker
from tests.exchange_simulator.spikes import Factors, spiked
from tests.exchange_simulator.wire import Stated


class Served(Struct, frozen=True):
    """One quote as its reader must have understood it; None where the page does not say. `served_at`: Unix seconds."""

    exchange: str
    pair: str
    price: float
    volume: float | None
    quote_volume: float | None
    served_at: float


class Request(Struct, frozen=True):
    """One request. `path` has the query; `status` is 0 where no answer was given; `weight` as its exchange counts."""

    exchange: str
    path: str
    at: float
    status: int
    weight: int


class Answer(Struct, frozen=True):
    """One answer with tickers."""

    exchange: str
    at_s: float
    markets: tuple[Market, ...]
    factors: Mapping[str, Factors]
    stated: Callable[[Ticker], Stated]

    def tickers(self) -> list[Ticker]:
        factors = self.factors
        return [spiked(market.ticker(self.at_s), factors.get(market.pair)) for market in self.markets]

    def quotes(self) -> Iterator[Served]:
        for ticker in self.tickers():
            stated = self.stated(ticker)
            yield Served(self.exchange, ticker.market.pair, ticker.price, stated.volume, stated.quote_volume, self.at_s)


class Journal:
    """Answers and requests in the order in which they came."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.requests: list[Request] = []

    def answers_since(self, since_s: float) -> Iterator[Answer]:
        return (answer for answer in list(self.answers) if answer.at_s >= since_s)

    def requests_since(self, since_s: float) -> list[Request]:
        return [request for request in self.requests if request.at >= since_s]
