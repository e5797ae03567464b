"""Which coins and pairs the simulated market has: the same names on every exchange and for every seed."""

from collections.abc import Iterator
from itertools import islice

QUOTE_CURRENCIES = ("usd", "usdt", "eur", "btc")
"""What pairs are quoted in."""

MONEY = {"usd": 1.0, "usdt": 1.0, "eur": 1.09}
"""Currencies that hardly move, with their worth in US dollars."""

ALWAYS = (("btc", "usd"), ("ltc", "usd"), ("doge", "usd"))
"""The pairs that every simulated exchange lists, however few it has."""

KNOWN = {
    "btc": 64_000.0,
    "ltc": 85.0,
    "doge": 0.31,
    "eth": 3_300.0,
    "sol": 150.0,
    "xrp": 0.52,
    "ada": 0.45,
    "pepe": 6e-06,
    "shib": 1.2e-05,
    "bonk": 2.1e-05,
    "link": 14.0,
    "dot": 6.5,
    "avax": 35.0,
    "uni": 7.8,
    "aave": 95.0,
    "near": 5.2,
    "fil": 4.4,
    "xlm": 0.11,
    "algo": 0.18,
    "etc": 26.0,
    "mkr": 2_500.0,
    "comp": 55.0,
    "sand": 0.4,
    "mana": 0.42,
}
"""Coins that exist, with a price in US dollars to start from."""

_CONSONANTS = "bcdfghklmnprstvw"
_VOWELS = "aeiou"
_NAMES = len(_CONSONANTS) ** 3 * len(_VOWELS) ** 2
_STRIDE = 27_449  # has no divisor in common with _NAMES: no name comes twice


def pairs(count: int) -> Iterator[tuple[str, str, int]]:
    """The first `count` pairs as base, quote and the coin's place by turnover; ALWAYS come first."""
    return islice(_pairs(), count)


def _pairs() -> Iterator[tuple[str, str, int]]:
    places = {coin: place for place, coin in enumerate(KNOWN)}
    for base, quote in ALWAYS:
        yield base, quote, places[base]
    for coin, place in places.items():
        for quote in QUOTE_CURRENCIES:
            if quote != coin and (coin, quote) not in ALWAYS:
                yield coin, quote, place
    for number in range(_NAMES - 1):
        place = len(places) + number
        yield made_up(number + 1), "usd", place
        yield made_up(number + 1), "usdt", place
        if number % 3 == 0:
            yield made_up(number + 1), "eur", place
            yield made_up(number + 1), "btc", place


def made_up(number: int) -> str:
    """The name of a coin that nobody has issued: five letters, consonants and vowels in turn."""
    rest = number * _STRIDE % _NAMES
    letters = []
    for at in range(5):
        rest, letter = divmod(rest, len(_VOWELS if at % 2 else _CONSONANTS))
        letters.append((_VOWELS if at % 2 else _CONSONANTS)[letter])
    return "".join(letters)


def split(pair: str) -> tuple[str, str]:
    """Base and quote of a pair's name, `dogeusd` or `doge/usd`. ValueError says what is accepted."""
    name = pair.lower()
    base, slash, quote = name.partition("/")
    if not slash:
        quote = next((known for known in QUOTE_CURRENCIES if name.endswith(known)), "")
        base = name.removesuffix(quote)
    if not base.isalnum() or not quote.isalnum() or base == quote:
        raise ValueError(
            f"{pair!r} is no pair; accepted: base/quote, or a name that ends in {', '.join(QUOTE_CURRENCIES)}"
        )
    return base, quote
