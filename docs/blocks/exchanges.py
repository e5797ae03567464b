"""The exchanges as their adapters state them: an overview, and a section each."""

import inspect
from collections.abc import Iterator

from collector.exchange import Exchange, History, Pair
from collector.exchanges import native
from docs.markdown import code, codes, table

PAIR = Pair("{pair}", "{base}", "{quote}")


def exchange_table() -> str:
    """A row an exchange: what a poll costs and how far its candles go back."""
    head = ("exchange", "published limit", "candles a call", "candles reach back", "candle calls a minute")
    return table(head, ([f"[{name}](#{name})", kind.limit, *_history(kind())] for name, kind in native().items()))


def _history(exchange: Exchange) -> Iterator[str]:
    if isinstance(exchange, History):
        yield f"{exchange.candles_per_call:,}"
        yield f"{exchange.candle_depth:,} minutes" if exchange.candle_depth else "all"
        yield f"{exchange.candle_requests_per_minute:,}"
    else:
        yield from ("none", "", "")


def exchange_sections() -> str:
    """A section an exchange: addresses, documents, what is odd there, names that are mended."""
    return "\n\n".join(_section(name, kind()) for name, kind in native().items())


def _section(name: str, exchange: Exchange) -> str:
    facts = [
        ("address", code(exchange.base_url)),
        ("documents", f"<{exchange.docs}>"),
        ("pairs", codes(exchange.pair_urls())),
        ("tickers", codes(exchange.ticker_urls([PAIR]))),
        ("one pair's figures, in turn", codes(exchange.detail_urls([PAIR]))),
        ("candles", code(_path(exchange.candle_url(PAIR, 0, 60))) if isinstance(exchange, History) else ""),
        ("24 h volume in quote currency", exchange.quote_volume),
        ("names that are mended", ", ".join(f"{own} is {common}" for own, common in sorted(exchange.aliases.items()))),
    ]
    return "\n\n".join([f"### {name}", _described(exchange), table(("", ""), [fact for fact in facts if fact[1]])])


def _path(url: str) -> str:
    return url.partition("?")[0]  # the rest says which minutes


def _described(exchange: Exchange) -> str:
    module = inspect.getmodule(type(exchange))
    text = (module.__doc__ or "") if module else ""
    return text.partition("Shapes: ")[0].strip()  # the documents have a row of their own
