"""Which pairs an exchange lists: asked hourly, kept in the home, and what changed since.

The very first list of an exchange makes no events: its pairs are not new, only we are. A list that has suddenly lost
more than half of its pairs is not believed until the next one says the same.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from collector.decode import Changed
from collector.exchange import Exchange, Pair
from collector.lines import WHOLE, Join, Market, Shard, join

SUDDEN = 10  # fewer pairs may always go at once

Kind = Literal["listed", "renamed", "delisted"]


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

    def __init__(self, exchange: Exchange, path: Path, shard: Shard = WHOLE) -> None:
        self._exchange, self._path, self._shard = exchange, path, shard
        self._doubted: int | None = None
        self.listing = kept(path)
        self.joined = self._join(self.listing.pairs)

    def take(self, pairs: Sequence[Pair], now_s: float) -> list[Change]:
        """Takes a new list and keeps it on disk; answers what changed. Changed: the list is not to be believed."""
        before = self.listing.pairs
        lost = len({pair.code for pair in before} - {pair.code for pair in pairs})
        if not pairs:
            raise Changed("the list of pairs is empty")
        if lost > SUDDEN and lost * 2 > len(before) and self._doubted != len(pairs):
            self._doubted = len(pairs)
            raise Changed(f"{len(pairs)} of {len(before)} pairs are listed; it counts if the next list says the same")
        self._doubted = None
        joined = self._join(pairs)
        found = changes(self.joined.markets, joined.markets) if before else []
        self.listing, self.joined = Listing(list(pairs), now_s), joined
        keep(self._path, self.listing)
        return found

    def _join(self, pairs: Sequence[Pair]) -> Join:
        return join(self._exchange.name, self._exchange.aliases, pairs, self._shard)


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


def keep(path: Path, listing: Listing) -> None:
    """Writes a list whole or not at all."""
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_bytes(msgspec.json.encode(listing))
    draft.replace(path)


def kept(path: Path) -> Listing:
    """The list as it was kept; empty where there is none, or none that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Listing)
    except (FileNotFoundError, msgspec.DecodeError):
        return Listing()
