"""One file an exchange. The package finds its files by itself: there is no list to keep."""

import difflib
import importlib
import inspect
import pkgutil
from functools import cache

from collector.exchange import Exchange


@cache
def native() -> dict[str, type[Exchange]]:
    """Every exchange that has a file here, by name, in alphabetical order."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        members = vars(importlib.import_module(f"{__name__}.{module.name}")).values()
        for member in members:
            if inspect.isclass(member) and issubclass(member, Exchange) and not inspect.isabstract(member):
                found[member.name] = member
    return dict(sorted(found.items()))


CCXT = "ccxt:"


class Unknown(LookupError):
    """There is no such exchange; the message says what is accepted."""


def find(name: str) -> type[Exchange]:
    """The adapter of a name: `kraken`, or `ccxt:bitvavo` for an exchange that only ccxt has."""
    known = native()
    if name in known:
        return known[name]
    if name.startswith(CCXT):
        return _by_ccxt(name.removeprefix(CCXT))
    near = difflib.get_close_matches(name, known, n=3)
    nearest = f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(known)}"
    raise Unknown(f"{name!r} is no exchange; {nearest}; others by way of ccxt, e.g. {CCXT}bitvavo")


def _by_ccxt(name: str) -> type[Exchange]:
    if name in native():
        raise Unknown(f"{name} has an adapter of its own: name it {name}, without {CCXT}")
    try:
        ccxt_exchange = importlib.import_module("collector.ccxt_exchange")
    except ModuleNotFoundError as error:
        raise Unknown(f"{CCXT}{name} needs ccxt: pip install '.[ccxt]'") from error
    try:
        found: type[Exchange] = ccxt_exchange.adapter(name)
    except ccxt_exchange.Unusable as error:
        raise Unknown(f"{CCXT}{name} can't be used: {error}") from error
    return found
