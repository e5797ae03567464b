"""Which pairs an exchange lists: asked hourly, kept in the home, and what changed since.

The very first list of an exchange makes no events: its pairs are not new, only we are. A list that has suddenly lost
more than half of its pairs is not believed until the next one says the same.
"""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from collector import kept_file
from collector.decode import Changed
from collector.exchange import Exchange, Pair
from collector.lines import WHOLE, Join, Market, Shard, join, told
from collector.series_cap import SeriesCap

log = logging.getLogger("coinwatch.poller")

SUDDEN = 10  # fewer pairs may always go at once
UNBOUNDED = 10**9

Kind = Literal["listed", "renamed", "delisted"]
KINDS: tuple[Kind, ...] = ("listed", "renamed", "delisted")
SHOWN = 5  # pairs named in one line


class Listing(Struct, frozen=True):
    """An exchange's pairs in its own order, and when it said so."""

    pairs: list[Pair] = []
    asked_s: float = 0.0


class Change(Struct, frozen=True):
    """What happened to a pair between two lists. A renaming names the old pair; its detail is the new one."""

    market: Market
    kind: Kind
    detail: str = ""


class Directory:
    """The newest list of one exchange's pairs, joined with their series."""

    def __init__(self, exchange: Exchange, path: Path, shard: Shard = WHOLE, cap: SeriesCap | None = None) -> None:
        self._exchange, self._path, self._shard = exchange, path, shard
        self._cap = cap or SeriesCap(UNBOUNDED)
        self._doubted: int | None = None
        self._share = UNBOUNDED
        self.listing = kept_file.read(path, Listing) or Listing()
        self._all = self._join(self.listing.pairs)
        self.joined = self._all
        """What is collected: all pairs of our shard, or as many as the bound on series leaves."""
        self._collected: list[Pair] = []
        self._collected_of: Join | None = None

    @property
    def collected(self) -> list[Pair]:
        """The pairs that are collected, as the exchange lists them."""
        if self._collected_of is not self.joined:
            self._collected_of = self.joined
            self._collected = [pair for pair in self.listing.pairs if pair.code in self.joined.markets]
        return self._collected

    @property
    def left_out(self) -> int:
        """How many pairs the bound on series leaves out."""
        return len(self._all.markets) - len(self.joined.markets)

    def fit(self) -> None:
        """Cuts what is collected to this exchange's share of the series, the alphabetically first codes first."""
        wanted = len(self._all.markets)
        share = self._cap.share(self._exchange.name, wanted)
        if min(share, wanted) == len(self.joined.markets):
            return
        self.joined = first(self._all, share)
        if share < wanted:
            log.warning(
                "%s: %s of its %s pairs are collected: all exchanges list more than COINWATCH_SERIES_LIMIT, %s",
                self._exchange.name,
                f"{share:,}",
                f"{wanted:,}",
                f"{self._cap.limit:,}",
            )

    def take(self, pairs: Sequence[Pair], now_s: float, *, whole: bool = True) -> list[Change]:
        """Takes a new list and keeps it on disk; answers what changed. Changed: the list is not to be believed.

        `whole` is False when some rows of it could not be read: then a pair that is missing may be one of these.
        """
        before = self.listing.pairs
        codes = {pair.code for pair in pairs}
        if not whole:
            pairs = [*pairs, *(pair for pair in before if pair.code not in codes)]
        lost = len({pair.code for pair in before} - {pair.code for pair in pairs})
        if not pairs:
            raise Changed("the list of pairs is empty")
        if lost > SUDDEN and lost * 2 > len(before) and self._doubted != len(pairs):
            self._doubted = len(pairs)
            raise Changed(f"{len(pairs)} of {len(before)} pairs are listed; it counts if the next list says the same")
        self._doubted = None
        joined = self._join(pairs)
        found = changes(self._all.markets, joined.markets) if before else []
        self.listing, self._all, self.joined = Listing(list(pairs), now_s), joined, joined
        kept_file.keep(self._path, self.listing)
        self._say(found, new=not before)
        self.fit()
        return found

    def _join(self, pairs: Sequence[Pair]) -> Join:
        return join(self._exchange.name, self._exchange.aliases, pairs, self._shard)

    def _say(self, found: Sequence[Change], new: bool) -> None:
        if not (found or new):
            return
        parts = [f"{len(self._all.markets):,} pairs"]
        for kind in KINDS:
            parts.extend(named(kind, [change.market.pair for change in found if change.kind == kind]))
        if self._all.left_out:
            parts.append(f"left out {told(self._all.left_out)}")
        log.info("%s: %s", self._exchange.name, "; ".join(parts))


def named(kind: Kind, pairs: Sequence[str]) -> list[str]:
    """What happened to which pairs, for a log line; nothing where there are none."""
    more = f" and {len(pairs) - SHOWN} more" if len(pairs) > SHOWN else ""
    return [f"{kind} {', '.join(pairs[:SHOWN])}{more}"] if pairs else []


def first(joined: Join, count: int) -> Join:
    """The alphabetically first codes of a join."""
    codes = sorted(joined.markets)[:count]
    prefixes = {joined.prefixes[code] for code in codes}
    kept = {code: prefix for code, prefix in joined.prefixes.items() if prefix in prefixes}
    return Join(kept, {code: joined.markets[code] for code in codes}, joined.left_out)


def changes(before: Mapping[str, Market], now: Mapping[str, Market]) -> list[Change]:
    """What happened between two joined lists, each by code. The same code under another name is a renaming."""
    found = []
    for code, market in now.items():
        old = before.get(code)
        if old is None:
            found.append(Change(market, "listed"))
        elif old != market:
            found.append(Change(old, "renamed", market.pair))
    found += [Change(market, "delisted") for code, market in before.items() if code not in now]
    return found
