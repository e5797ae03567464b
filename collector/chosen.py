"""Which exchanges are collected, and from which address: the settings' names against the adapters that there are."""

import difflib
from collections.abc import Iterable

from collector.exchange import Exchange
from collector.exchanges import native
from influx.settings import Settings, SettingsError


def chosen(settings: Settings) -> list[Exchange]:
    """The exchanges that the settings name, all native ones by default. SettingsError: an unknown name."""
    known = native()
    for name in settings.exchange_urls:
        if name not in known:
            raise SettingsError(f"COINWATCH_{name.upper()}_URL names no exchange{_nearest(name, known)}")
    for name in settings.exchanges:
        if name not in known:
            raise SettingsError(f"COINWATCH_EXCHANGES names {name!r}, which is no exchange{_nearest(name, known)}")
    return [known[name]() for name in dict.fromkeys(settings.exchanges or known)]


def base_url(settings: Settings, exchange: Exchange) -> str:
    """Where an exchange is asked: its setting, else the simulator if that is on, else its own address."""
    if url := settings.exchange_urls.get(exchange.name):
        return url
    if settings.simulate:
        return f"http://127.0.0.1:{settings.simulator_port}/{exchange.name}"
    return exchange.base_url


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, n=3)
    return f"; did you mean {' or '.join(near)}?" if near else f"; known are {', '.join(known)}"
