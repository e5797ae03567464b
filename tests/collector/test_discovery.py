"""Pairs as they come, change their names and go."""

import logging
from pathlib import Path

import pytest

from collector.decode import Changed
from collector.discovery import Change, Directory
from collector.exchange import Pair
from collector.exchanges.kraken import Kraken
from collector.lines import Market, Shard
from collector.series_cap import SeriesCap

BTC, ETH, DOGE = Pair("XXBTZUSD", "XBT", "USD"), Pair("XETHZUSD", "ETH", "USD"), Pair("XDGUSD", "XDG", "USD")
MANY = [Pair(f"C{number:03}USD", f"C{number:03}", "USD") for number in range(100)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kraken.pairs.json"


def test_the_first_list_is_no_news(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert Directory(Kraken(), path).take([BTC, ETH], 1.0) == []
    assert caplog.messages == ["kraken: 2 pairs"]


def test_a_pair_that_comes_is_listed_and_one_that_goes_is_delisted(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    directory = Directory(Kraken(), path)
    directory.take([BTC, ETH], 1.0)
    with caplog.at_level(logging.INFO):
        changes = directory.take([BTC, DOGE], 2.0)
    assert changes == [
        Change(Market("dogeusd", "doge", "usd"), "listed"),
        Change(Market("ethusd", "eth", "usd"), "delisted"),
    ]
    assert caplog.messages == ["kraken: 2 pairs; listed dogeusd; delisted ethusd"]


def test_a_code_under_another_name_is_a_renaming(path: Path) -> None:
    directory = Directory(Kraken(), path)
    directory.take([Pair("BCHSV-BTC", "BCHSV", "BTC")], 1.0)
    assert directory.take([Pair("BCHSV-BTC", "BSV", "BTC")], 2.0) == [
        Change(Market("bchsvbtc", "bchsv", "btc"), "renamed", "bsvbtc")
    ]


def test_a_restart_goes_on_with_the_list_that_was_kept(path: Path) -> None:
    Directory(Kraken(), path).take([BTC], 1.0)
    after = Directory(Kraken(), path)
    assert list(after.joined.markets) == ["XXBTZUSD"]
    assert [change.kind for change in after.take([BTC, ETH], 2.0)] == ["listed"]


def test_a_pair_that_is_missing_from_a_list_with_unreadable_rows_is_not_taken_for_delisted(path: Path) -> None:
    directory = Directory(Kraken(), path)
    directory.take([BTC, ETH], 1.0)
    changes = directory.take([BTC, DOGE], 2.0, whole=False)
    assert [change.kind for change in changes] == ["listed"]
    assert set(directory.joined.markets) == {BTC.code, ETH.code, DOGE.code}


def test_an_empty_list_is_not_believed(path: Path) -> None:
    directory = Directory(Kraken(), path)
    directory.take([BTC], 1.0)
    with pytest.raises(Changed, match="the list of pairs is empty"):
        directory.take([], 2.0)
    assert list(directory.joined.markets) == ["XXBTZUSD"]


def test_a_list_that_lost_most_pairs_is_believed_only_when_the_next_one_says_the_same(path: Path) -> None:
    directory = Directory(Kraken(), path)
    directory.take(MANY, 1.0)
    with pytest.raises(Changed, match="40 of 100 pairs"):
        directory.take(MANY[:40], 2.0)
    assert len(directory.take(MANY[:40], 3.0)) == 60


def test_only_the_shards_own_pairs_make_events(path: Path) -> None:
    directory = Directory(Kraken(), path, Shard(1, 2))
    directory.take(MANY[:50], 1.0)
    listed = {change.market.pair for change in directory.take(MANY, 2.0)}
    assert listed == {market.pair for market in directory.joined.markets.values()} - {
        market.pair for market in Directory(Kraken(), path, Shard(2, 2)).joined.markets.values()
    } - {f"c{number:03}usd" for number in range(50)}
    assert 0 < len(listed) < 50


def test_at_the_bound_on_series_the_first_codes_are_taken_and_it_is_said(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    directory = Directory(Kraken(), path, cap=SeriesCap(30))
    directory.take(MANY[::-1], 1.0)
    assert list(directory.joined.markets) == [pair.code for pair in MANY[:30]]
    assert set(directory.joined.prefixes) == set(directory.joined.markets)
    assert directory.left_out == 70
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
        "kraken: 30 of its 100 pairs are collected: all exchanges list more than COINWATCH_SERIES_LIMIT, 30"
    ]


def test_a_share_that_changes_is_no_listing(path: Path, tmp_path: Path) -> None:
    cap = SeriesCap(100)
    directory = Directory(Kraken(), path, cap=cap)
    directory.take(MANY, 1.0)
    cap.share("binance", 500)
    directory.fit()
    assert len(directory.collected) == 50
    assert directory.take(MANY, 2.0) == []
    assert len(directory.collected) == 50
