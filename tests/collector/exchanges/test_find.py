"""Names of exchanges: which are accepted, and what is said of the others."""

import sys

import pytest

from collector.exchanges import Unknown, find, native
from collector.exchanges.kraken import Kraken


def test_the_twelve_exchanges_are_found_by_themselves() -> None:
    assert list(native()) == [
        "binance",
        "bitfinex",
        "bitstamp",
        "bybit",
        "coinbase",
        "gateio",
        "gemini",
        "htx",
        "kraken",
        "kucoin",
        "mexc",
        "okx",
    ]


def test_a_name_finds_its_adapter() -> None:
    assert find("kraken") is Kraken


def test_an_exchange_of_ccxt_goes_by_its_own_name() -> None:
    assert find("ccxt:bitvavo").name == "bitvavo"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("kracken", "'kracken' is no exchange; did you mean kraken[?]"),
        ("nyse", "known are binance, bitfinex"),
        ("ccxt:bitvavvo", "the nearest: bitvavo"),
        ("ccxt:kraken", "kraken has an adapter of its own"),
        ("ccxt:bitso", "ccxt:bitso can't be used"),
    ],
)
def test_a_name_that_is_none_gets_the_nearest(name: str, said: str) -> None:
    with pytest.raises(Unknown, match=said):
        find(name)


def test_without_ccxt_the_others_work_and_it_is_said_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ccxt", None)
    monkeypatch.delitem(sys.modules, "collector.ccxt_exchange", raising=False)
    assert find("kraken") is Kraken
    with pytest.raises(Unknown, match=r"needs ccxt: pip install '\.\[ccxt\]'"):
        find("ccxt:bitvavo")
