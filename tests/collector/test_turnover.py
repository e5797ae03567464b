"""Which pairs are traded most, in unlike currencies."""

from collector.turnover import Traded, most_traded


def test_turnovers_in_unlike_currencies_are_compared_in_dollars() -> None:
    rows = [
        Traded("btcusd", "btc", "usd", 50_000, turnover=9_000),
        Traded("ethbtc", "eth", "btc", 0.05, turnover=1),
        Traded("xrpjpy", "xrp", "jpy", 80, turnover=100_000),
        Traded("usdtjpy", "usdt", "jpy", 150, turnover=30_000),
    ]
    assert most_traded(rows) == ["ethbtc", "btcusd", "xrpjpy", "usdtjpy"]


def test_pairs_whose_quote_currency_has_no_price_come_last() -> None:
    rows = [Traded("abcxyz", "abc", "xyz", 1, 1e12), Traded("btcusd", "btc", "usd", 1, 1)]
    assert most_traded(rows) == ["btcusd", "abcxyz"]


def test_the_market_with_most_trade_prices_a_currency() -> None:
    rows = [
        Traded("btcdai", "btc", "dai", 5, turnover=10),
        Traded("btcusd", "btc", "usd", 50_000, turnover=1000),
        Traded("ethbtc", "eth", "btc", 0.05, turnover=1),
    ]
    assert most_traded(rows)[0] == "ethbtc"
