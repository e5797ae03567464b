"""What each simulated exchange lists: N pairs at the start, later what a test adds and removes."""

import math
from collections.abc import Iterable, Sequence

from tests.exchange_simulator.coins import KNOWN, MONEY, pairs, split
from tests.exchange_simulator.market import Coin, Market, draws
from tests.exchange_simulator.walk import Tables
from tests.exchange_simulator.wire import Wire

MOST_TRADED_USD = 5e8  # a day, by the first coin against the dollar on an exchange
LEAST_TRADED_USD = 2e3
QUOTE_SHARE = {"usd": 1.0, "usdt": 0.8, "eur": 0.3, "btc": 0.1}
ADDED_PLACE = 50  # a pair that a test adds trades as much as the 50th coin


class NotListed(LookupError):
    """A market was asked for by a code that the exchange does not list."""


class Coins:
    """Every coin once, so that all exchanges share its walk."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._coins: dict[str, Coin] = {}

    def get(self, name: str) -> Coin:
        if name not in self._coins:
            self._coins[name] = self._make(name)
        return self._coins[name]

    def _make(self, name: str) -> Coin:
        if name in MONEY:
            return Coin(self.tables, name, MONEY[name], volatility=0.0 if name == "usd" else 2e-05)
        volatility, worth, tiny = draws(3, self.tables.seed, "coin", name)
        # One made-up coin in ten costs some millionths of a dollar, the others a tenth of a cent to 100 dollars.
        exponent = -6 + worth / 65_536 if tiny % 10 == 0 else -3 + 5 * worth / 65_536
        usd = KNOWN.get(name, 10**exponent)
        return Coin(self.tables, name, usd, volatility=0.0003 + 0.0015 * volatility / 65_536)


class Listing:
    """The markets of one exchange, in the order in which it lists them."""

    def __init__(self, wire: Wire, coins: Coins, count: int) -> None:
        self.wire = wire
        self._coins = coins
        self._markets = {market.pair: market for market in (self._market(*row) for row in pairs(count))}
        self._snapshot: tuple[Market, ...] = ()
        self._codes: dict[str, Market] = {}
        self._count_again()

    @property
    def markets(self) -> tuple[Market, ...]:
        """All markets; the same object until a listing changes."""
        return self._snapshot

    def has(self, pair: str) -> bool:
        return pair in self._markets

    def asked(self, codes: Sequence[str] | None) -> tuple[Market, ...]:
        """The markets of these codes, all for None. NotListed: one is unknown."""
        if codes is None:
            return self._snapshot
        if not self._codes:
            self._codes = {code: market for market in self._snapshot for code in self.wire.codes(market)}
        if not self._codes.keys() >= set(codes):
            raise NotListed(", ".join(codes))
        return tuple(self._codes[code] for code in codes)

    def change(self, add: Iterable[str], remove: Iterable[str]) -> None:
        """List and delist pairs by name. ValueError, before anything is changed: a name is none."""
        added = [self._market(*split(name), ADDED_PLACE) for name in add]
        removed = ["".join(split(name)) for name in remove]
        if unknown := [pair for pair in removed if pair not in self._markets]:
            raise ValueError(f"{self.wire.name} does not list {', '.join(unknown)}")
        for pair in removed:
            del self._markets[pair]
        for market in added:
            self._markets.setdefault(market.pair, market)
        self._count_again()

    def _count_again(self) -> None:
        self._snapshot = tuple(self._markets.values())
        self._codes = {}

    def _market(self, base: str, quote: str, place: int) -> Market:
        thin = base not in KNOWN and draws(1, self._coins.tables.seed, "thin", base)[0] % 5 == 0
        usd_a_day = max(LEAST_TRADED_USD, MOST_TRADED_USD / math.pow(1 + place, 1.1)) * QUOTE_SHARE.get(quote, 0.1)
        return Market(
            self._coins.tables, self.wire.name, self._coins.get(base), self._coins.get(quote), usd_a_day, thin
        )
