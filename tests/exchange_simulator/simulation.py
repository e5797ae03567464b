"""The simulator's state: the exchanges with their markets, faults and spikes, and the journal."""

import time
from collections.abc import Callable

from tests.exchange_simulator.exchanges import wires
from tests.exchange_simulator.faults import Fault
from tests.exchange_simulator.journal import Journal, Request
from tests.exchange_simulator.listing import Coins, Listing
from tests.exchange_simulator.spikes import Spikes
from tests.exchange_simulator.walk import Tables
from tests.exchange_simulator.wire import Wire


class Venue:
    """One exchange. Its markets are made when they are first asked for."""

    def __init__(self, wire: Wire, coins: Coins, pairs: int) -> None:
        self.wire = wire
        self.spikes = Spikes()
        self._coins = coins
        self._pairs = pairs
        self._listing: Listing | None = None
        self._fault: Fault | None = None
        self._weight_minute = 0
        self._weight = 0

    @property
    def listing(self) -> Listing:
        if self._listing is None:
            self._listing = Listing(self.wire, self._coins, self._pairs)
        return self._listing

    def fail(self, fault: Fault) -> None:
        """Takes the place of an earlier fault; kind `none` ends it."""
        self._fault = None if fault.kind == "none" else fault

    def fault(self, now_s: float) -> Fault | None:
        """The fault that is on."""
        return self._fault if self._fault and now_s < self._fault.until_s else None

    def weigh(self, weight: int, now_s: float) -> int:
        """Counts a call; the weight that the minute's calls have used with it."""
        minute = int(now_s // 60)
        if minute != self._weight_minute:
            self._weight_minute, self._weight = minute, 0
        self._weight += weight
        return self._weight


class Simulation:
    """All exchanges over one market of a seed."""

    def __init__(self, pairs: int, seed: int, clock: Callable[[], float] = time.time) -> None:
        coins = Coins(Tables(seed))
        self.clock = clock
        self.journal = Journal()
        self.venues = {name: Venue(wire, coins, pairs) for name, wire in wires().items()}

    def log(self, exchange: str, path: str, at_s: float, status: int, weight: int) -> None:
        self.journal.requests.append(Request(exchange, path, at_s, status, weight))
