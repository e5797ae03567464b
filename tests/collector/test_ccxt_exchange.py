"""Exchanges by way of ccxt: the same methods, no network. Bitvavo's shapes: https://docs.bitvavo.com/docs/rest-api/"""

import socket
from collections.abc import Callable, Iterator

import pytest

from collector.ccxt_exchange import CcxtExchange, Unusable, adapter
from collector.decode import Body, Changed
from collector.exchange import Declined, Pair, Quote
from collector.lines import encode, join

MARKETS = b"""[
{"market":"BTC-EUR","status":"trading","base":"BTC","quote":"EUR","tickSize":"1.00","quantityDecimals":"8"},
{"market":"OLD-EUR","status":"halted","base":"OLD","quote":"EUR","tickSize":"1.00","quantityDecimals":"8"},
{"market":"ADA-EUR","status":"trading","base":"ADA","quote":"EUR","tickSize":"0.0001","quantityDecimals":"6"}
]"""
TICKERS = b"""[
{"market":"BTC-EUR","open":"58000","high":"59300","low":"57900","last":"58700","volume":"310.5","volumeQuote":"18200100.5","bid":"58699","ask":"58701","timestamp":1767225600000},
{"market":"ADA-EUR","open":null,"high":null,"low":null,"last":null,"volume":null,"volumeQuote":null,"bid":null,"ask":null,"timestamp":1767225600000}
]"""
PAIRS = [Pair("BTC/EUR", "BTC", "EUR", also=("BTC-EUR",)), Pair("ADA/EUR", "ADA", "EUR", also=("ADA-EUR",))]


@pytest.fixture
def bitvavo(monkeypatch: pytest.MonkeyPatch) -> CcxtExchange:
    def refuse(*arguments: object, **named: object) -> None:
        raise AssertionError("an adapter has no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    return adapter("bitvavo")()


def test_its_facts_come_from_ccxt(bitvavo: CcxtExchange) -> None:
    assert (bitvavo.name, bitvavo.base_url) == ("bitvavo", "https://api.bitvavo.com")
    assert bitvavo.limit == "a request every 60 ms, as ccxt has it"


def test_it_names_one_path_for_all_markets_and_one_for_all_tickers(bitvavo: CcxtExchange) -> None:
    assert bitvavo.pair_urls() == ["/v2/markets"]
    assert bitvavo.ticker_urls(PAIRS) == ["/v2/ticker/24h"]


def test_closed_markets_are_left_out(bitvavo: CcxtExchange) -> None:
    assert list(bitvavo.pairs(Body(MARKETS))) == PAIRS


def test_its_answers_become_lines(bitvavo: CcxtExchange) -> None:
    prefixes = join(bitvavo.name, bitvavo.aliases, bitvavo.pairs(Body(MARKETS))).prefixes
    bitvavo.ticker_urls(PAIRS)
    encoded = encode(prefixes, bitvavo.quotes(Body(TICKERS)), 1_767_225_600)
    figures = "price=58700.0,volume=310.5,quote_volume=18200100.5 1767225600000000000"
    assert encoded.lines == [f"quote,base=btc,exchange=bitvavo,pair=btceur,quote=eur {figures}"]
    assert [(bad.code, bad.reason) for bad in encoded.bad] == [("ADA/EUR", "price no number")]


def test_tickers_are_read_after_a_restart_that_has_only_kept_the_pairs(bitvavo: CcxtExchange) -> None:
    bitvavo.ticker_urls(PAIRS)
    assert next(bitvavo.quotes(Body(TICKERS))).code == "BTC/EUR"


Read = Callable[[CcxtExchange], Callable[[Body], Iterator[Pair | Quote]]]


@pytest.mark.parametrize("read", [lambda one: one.pairs, lambda one: one.quotes], ids=["pairs", "quotes"])
@pytest.mark.parametrize("text", [b"<html>Just a moment...</html>", TICKERS[:99], b"17"])
def test_another_answer_is_a_changed_shape(bitvavo: CcxtExchange, read: Read, text: bytes) -> None:
    bitvavo.ticker_urls(PAIRS)
    with pytest.raises(Changed, match="begins"):
        list(read(bitvavo)(Body(text)))


@pytest.mark.parametrize(
    ("text", "limited"),
    [
        (b'{"errorCode":105,"error":"Rate limit exceeded"}', True),
        (b'{"errorCode":205,"error":"symbol parameter is invalid."}', False),
    ],
)
def test_a_refusal_is_read_by_ccxt(bitvavo: CcxtExchange, text: bytes, limited: bool) -> None:
    bitvavo.ticker_urls(PAIRS)
    with pytest.raises(Declined, match="errorCode") as raised:
        list(bitvavo.quotes(Body(text)))
    assert raised.value.limited == limited


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("bitvavoo", "the nearest: bitvavo"),
        ("bitso", "no requests for the tickers"),
        ("coinex", "2 requests for the markets of coinex, not one: https://"),
        ("cex", "wants to POST"),
        ("tokocrypto", "at two addresses"),
    ],
)
def test_an_exchange_that_takes_more_than_two_requests_is_refused_with_what_it_asks(name: str, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        adapter(name)
