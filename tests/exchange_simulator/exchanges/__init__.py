"""One file an exchange. The package finds its files by itself: there is no list to keep."""

import importlib
import inspect
import pkgutil
from functools import cache

from tests.exchange_simulator.wire import Wire


@cache
def wires() -> dict[str, Wire]:
    """Every simulated exchange that has a file here, by name, in alphabetical order."""
    found: dict[str, Wire] = {}
    for module in pkgutil.iter_modules(__path__):
        members = vars(importlib.import_module(f"{__name__}.{module.name}")).values()
        for member in members:
            if inspect.isclass(member) and issubclass(member, Wire) and not inspect.isabstract(member):
                found[member.name] = member()
    return dict(sorted(found.items()))
