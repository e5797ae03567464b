"""A pair as users write it: btcusd, BTCUSD, btc-usd, BTC/USD and BTC_USD all mean btcusd."""

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Collection
from functools import lru_cache

from api.parameters import shown
from api.problems import Malformed

LONGEST = 64
ENDS = r"[^\x00-/:-@\[-`{-\x7f\ufffd]"
WITHIN = r"[^\x00-\x1f!-,.;-@\[-^`{-\x7f\ufffd]"
PATTERN = f"^{ENDS}({WITHIN}{{0,{LONGEST - 2}}}{ENDS})?$"
"""Letters and digits of any script, within also - / _ : and spaces; U+FFFD is what is left of what was no UTF-8."""
SEPARATORS = str.maketrans("", "", "-/_: ")
LIKELY = 40
ALIKE = 0.5


def parse(text: str, known: Collection[str] = ()) -> str:
    """The name in our spelling, of a pair or a currency. Malformed: it can't be one."""
    lower = text.lower()
    if lower in known:
        return lower
    name = joined(lower)
    if re.fullmatch(PATTERN, text) is None:
        raise Malformed(
            f"{shown(text)} is no pair; accepted: base and quote currency such as btcusd, btc-usd or BTC/USD, "
            f"at most {LONGEST} letters and digits"
        )
    return name


def joined(text: str) -> str:
    """A name without separators, in lower case."""
    return text.lower().translate(SEPARATORS)


class Names:
    """Known names, and which of them an unknown one may have been meant to be."""

    def __init__(self, known: Collection[str]) -> None:
        self._of_part: defaultdict[str, list[str]] = defaultdict(list)
        for name in known:
            for part in _parts(name):
                self._of_part[part].append(name)

    def nearest(self, name: str, limit: int = 5) -> list[str]:
        """The most alike names, the nearest first. Only those that share most pairs of letters are compared at all."""
        shared: Counter[str] = Counter()
        for part in _parts(name):
            shared.update(self._of_part.get(part, ()))
        likely = [other for other, _ in shared.most_common(LIKELY)]
        return difflib.get_close_matches(name, likely, n=limit, cutoff=ALIKE)


def _parts(name: str) -> set[str]:
    ends = f" {name} "
    return {ends[at : at + 2] for at in range(len(ends) - 1)}


@lru_cache(8)
def names(known: tuple[str, ...]) -> Names:
    """The index of these names: they hardly change from board to board."""
    return Names(known)
