"""The control requests that change something: spikes, faults, listings. Each says in words what it accepts."""

from abc import abstractmethod
from typing import Annotated, ClassVar, get_args

from msgspec import Meta, Struct

from tests.exchange_simulator.faults import KINDS, Fault, Kind
from tests.exchange_simulator.simulation import Simulation, Venue
from tests.exchange_simulator.spikes import Metric

EVERY = "*"


class Order(Struct, forbid_unknown_fields=True):
    """A request's body. `exchange` is a name or * for all."""

    accepted: ClassVar[str]
    exchange: str

    @abstractmethod
    def obey(self, simulation: Simulation) -> None:
        """ValueError: it names something that is not there."""

    def venues(self, simulation: Simulation) -> list[Venue]:
        if self.exchange == EVERY:
            return list(simulation.venues.values())
        if self.exchange not in simulation.venues:
            raise ValueError(f"exchange is {self.exchange!r}; accepted: {', '.join(simulation.venues)}, {EVERY}")
        return [simulation.venues[self.exchange]]


class SpikeOrder(Order):
    """A pair's figure times `factor`, for `polls` answers; for `polls` minutes where the metric is `traded`."""

    accepted = (
        f"exchange, pair (a name or {EVERY}), metric ({', '.join(get_args(Metric))}), factor above 0, polls from 1"
    )
    pair: str
    metric: Metric
    factor: Annotated[float, Meta(gt=0)]
    polls: Annotated[int, Meta(ge=1)] = 1

    def obey(self, simulation: Simulation) -> None:
        for venue in self.venues(simulation):
            venue.spikes.start(self.pairs(venue), self.metric, self.factor, self.polls, simulation.clock())

    def pairs(self, venue: Venue) -> list[str]:
        if self.pair == EVERY:
            return [market.pair for market in venue.listing.markets]
        if not venue.listing.has(self.pair):
            raise ValueError(f"{venue.wire.name} does not list {self.pair!r}; accepted: a pair that it lists, {EVERY}")
        return [self.pair]


class FaultOrder(Order):
    """The exchange fails for `seconds`; kind `none` ends it."""

    accepted = f"exchange, kind ({', '.join(KINDS)}), seconds from 0"
    kind: Kind
    seconds: Annotated[float, Meta(ge=0)] = 0.0

    def obey(self, simulation: Simulation) -> None:
        for venue in self.venues(simulation):
            venue.fail(Fault(self.kind, simulation.clock() + self.seconds))


class PairsOrder(Order):
    """Listings and delistings, by names such as dogeusd, or doge/sek where the quote currency is an unusual one."""

    accepted = "exchange, add and remove (lists of pairs)"
    add: list[str] = []
    remove: list[str] = []

    def obey(self, simulation: Simulation) -> None:
        for venue in self.venues(simulation):
            venue.listing.change(self.add, self.remove)
