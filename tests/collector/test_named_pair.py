"""A pair as a person writes it."""

from collections.abc import Collection

import pytest

from collector.lines import Market
from collector.named_pair import NoPair, named_pair


def unknown(pair: str) -> Collection[Market]:
    return []


@pytest.mark.parametrize("name", ["doge/usdt", "DOGE-USDT", "doge_usdt", " dogeusdt "])
def test_a_separator_or_a_common_quote_currency_splits_a_name(name: str) -> None:
    assert named_pair(name, unknown) == Market("dogeusdt", "doge", "usdt")


def test_the_database_knows_better_than_the_list_of_currencies() -> None:
    assert named_pair("abctryb", lambda pair: [Market(pair, "abc", "tryb")]) == Market("abctryb", "abc", "tryb")


def test_a_name_that_two_currencies_end_is_ambiguous() -> None:
    with pytest.raises(NoPair, match="'abusd' may be ab/usd or a/busd; write it with its slash"):
        named_pair("abusd", unknown)


def test_two_known_markets_of_one_name_are_ambiguous() -> None:
    with pytest.raises(NoPair, match="may be a/bc or ab/c"):
        named_pair("abc", lambda pair: [Market(pair, "a", "bc"), Market(pair, "ab", "c")])


@pytest.mark.parametrize("name", ["btcxyz", "usd"])
def test_a_name_that_ends_in_no_known_currency_wants_a_slash(name: str) -> None:
    with pytest.raises(NoPair, match="write it with a slash, such as doge/usdt"):
        named_pair(name, unknown)


@pytest.mark.parametrize("name", ["btc/", "/usd", "btc/usd/eur", "b c/usd"])
def test_a_name_with_half_a_pair_is_none(name: str) -> None:
    with pytest.raises(NoPair, match="write base and quote with one slash"):
        named_pair(name, unknown)
