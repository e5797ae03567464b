"""A pair as a person writes it, split into base and quote: doge/usdt, DOGE-USDT, dogeusdt.

A joined name is split as the database knows it, else at the end that is a common quote currency.
"""

from collections.abc import Callable, Collection

from collector.lines import Market

SEPARATORS = "/-_:"
QUOTE_CURRENCIES = (
    *("usd", "usdt", "usdc", "eur", "gbp", "jpy", "try", "brl", "aud", "cad", "chf", "krw", "inr", "sgd"),
    *("btc", "eth", "bnb", "busd", "dai", "fdusd", "tusd", "eurc", "usde", "usd1"),
)


class NoPair(Exception):
    """The name can't be split into base and quote; the message says what is accepted."""


def named_pair(name: str, known: Callable[[str], Collection[Market]]) -> Market:
    """The market that a name means; `known` gives the markets of a joined name. NoPair says what is accepted."""
    plain = name.strip().lower()
    for separator in SEPARATORS:
        if separator in plain:
            base, _, quote = plain.partition(separator)
            return _market(name, base, quote)
    found = list(known(plain)) or [_market(name, base, quote) for base, quote in _splits(plain)]
    if not found:
        raise NoPair(f"{name!r} ends in no quote currency known here; write it with a slash, such as doge/usdt")
    if len(found) > 1:
        choices = " or ".join(f"{market.base}/{market.quote}" for market in found)
        raise NoPair(f"{name!r} may be {choices}; write it with its slash")
    return found[0]


def _splits(plain: str) -> list[tuple[str, str]]:
    return [
        (plain.removesuffix(quote), quote) for quote in QUOTE_CURRENCIES if plain.endswith(quote) and plain != quote
    ]


def _market(name: str, base: str, quote: str) -> Market:
    if not (base.isalnum() and quote.isalnum()):
        raise NoPair(f"{name!r} is no pair; write base and quote with one slash, such as doge/usdt")
    return Market(base + quote, base, quote)
