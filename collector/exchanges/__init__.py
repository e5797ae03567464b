"""One file an exchange. The package finds its files by itself: there is no list to keep."""

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
