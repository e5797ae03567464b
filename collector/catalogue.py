"""`python -m collector exchanges`: every exchange's address, limit, documents, and how it stands with us."""

import argparse

from rich.console import Console
from rich.table import Table

from collector import chosen, kept_file, service
from collector.discovery import Listing
from collector.exchange import History
from collector.exchanges import native
from collector.feed import pairs_file, state_file
from collector.state import State
from influx.settings import Settings


def options(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def command(arguments: argparse.Namespace, settings: Settings) -> int:
    """Prints the table."""
    Console().print(table(settings))
    return 0


def table(settings: Settings) -> Table:
    """All exchanges that there are; those that are not collected say so."""
    collected = {exchange.name: exchange for exchange in chosen.chosen(settings)}
    folder = service.exchanges_folder(settings)
    shown = Table("exchange", "state", "pairs", "candles", show_lines=True)
    shown.add_column("address, limit, documents", overflow="fold")
    for name, kind in sorted({**native(), **{name: type(one) for name, one in collected.items()}}.items()):
        exchange = collected.get(name) or kind()
        listed = len((kept_file.read(pairs_file(folder, name), Listing) or Listing()).pairs)
        shown.add_row(
            name,
            how_it_stands(kept_file.read(state_file(folder, name), State)) if name in collected else "not collected",
            f"{listed:,}" if listed else "",
            "yes" if isinstance(exchange, History) else "no",
            f"{chosen.base_url(settings, exchange)}\n{exchange.limit}\n{exchange.docs}",
        )
    return shown


def how_it_stands(found: State | None) -> str:
    """A state in words."""
    if found is None:
        return "not asked yet"
    until = f" until {found.until}" if found.until else ""
    return f"{found.name}{until}{': ' + found.why if found.why else ''}"
