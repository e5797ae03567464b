"""A pair as users write it: btcusd, BTCUSD, btc-usd, BTC/USD and BTC_USD all mean btcusd."""

import difflib
from collections.abc import Collection

from api.problems import Malformed

LONGEST = 64
SEPARATORS = str.maketrans("", "", "-/_: ")


def parse(text: str, known: Collection[str] = ()) -> str:
    """The pair's name in our spelling. Malformed: it can't be one."""
    lower = text.lower()
    if lower in known:
        return lower
    name = lower.translate(SEPARATORS)
    if not 1 <= len(name) <= LONGEST or not all(character.isalnum() or character in ".$*&+!" for character in name):
        raise Malformed(
            f"{shown(text)} is no pair; a pair is a base and a quote currency such as btcusd, btc-usd or BTC/USD, "
            f"at most {LONGEST} letters and digits"
        )
    return name


def nearest(name: str, known: Collection[str], limit: int = 5) -> list[str]:
    """The known names most like an unknown one, the nearest first."""
    likely = [pair for pair in known if pair[:2] == name[:2] or pair[-3:] == name[-3:]]
    return difflib.get_close_matches(name, likely, n=limit, cutoff=0.5)


def shown(text: str) -> str:
    """A user's text as an error shows it: quoted, and cut where it is long."""
    return repr(text if len(text) <= LONGEST else text[:LONGEST] + "…")
