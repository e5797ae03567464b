"""Which exchanges are collected, and from which address: the settings' names against the adapters that there are."""

from collector.exchange import Exchange
from collector.exchanges import Unknown, find, native
from influx.settings import Settings, SettingsError


def chosen(settings: Settings) -> list[Exchange]:
    """The exchanges that the settings name, all native ones by default. SettingsError: an unknown name."""
    found = {}
    for name in settings.exchanges or native():
        try:
            kind = find(name)
        except Unknown as error:
            raise SettingsError(f"COINWATCH_EXCHANGES: {error}") from error
        found[kind.name] = kind
    for name in settings.exchange_urls:
        if name not in found:
            _known(name)
    return [kind() for kind in found.values()]


def _known(name: str) -> None:
    try:
        find(name)
    except Unknown as error:
        raise SettingsError(f"COINWATCH_{name.upper()}_URL: {error}") from error


def base_url(settings: Settings, exchange: Exchange) -> str:
    """Where an exchange is asked: its setting, else the simulator if that is on, else its own address."""
    if url := settings.exchange_urls.get(exchange.name):
        return url
    if settings.simulate:
        return f"http://127.0.0.1:{settings.simulator_port}/{exchange.name}"
    return exchange.base_url
