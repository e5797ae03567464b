"""The market behind the simulated exchanges: what tickers and candles of one seed have to do with each other."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange_simulator.coins import ALWAYS, pairs
from tests.exchange_simulator.exchanges import wires
from tests.exchange_simulator.listing import Coins, Listing
from tests.exchange_simulator.market import Market
from tests.exchange_simulator.walk import Tables

DAY_S = 86_400
NOW_S = 1_790_000_010.0
MINUTE_S = 1_789_999_980


def listing(seed: int = 1, count: int = 130, exchange: str = "kraken") -> Listing:
    return Listing(wires()[exchange], Coins(Tables(seed)), count)


MARKETS = listing().markets
THIN = next(market for market in MARKETS if market.thin)
BUSY = MARKETS[0]

markets = st.sampled_from(MARKETS)
minutes = st.integers(1_600_000_000 // 60, 1_900_000_000 // 60).map(lambda minute: minute * 60)


def test_the_same_seed_gives_the_same_market_and_another_seed_another() -> None:
    first, again, other = (
        [(ticker.market.pair, ticker.price, ticker.volume) for ticker in tickers]
        for tickers in ([market.ticker(NOW_S) for market in listing(seed).markets] for seed in (1, 1, 2))
    )

    assert first == again
    assert [pair for pair, *_ in first] == [pair for pair, *_ in other]
    assert not {price for _, price, _ in first} & {price for _, price, _ in other}


def test_btcusd_ltcusd_and_dogeusd_come_first_however_few_pairs_there_are() -> None:
    assert [(base, quote) for base, quote, _ in pairs(3)] == list(ALWAYS)


def test_fifty_thousand_pairs_have_fifty_thousand_names_in_four_quote_currencies() -> None:
    named = list(pairs(50_000))

    assert len({base + quote for base, quote, _ in named}) == 50_000
    assert {quote for _, quote, _ in named} == {"usd", "usdt", "eur", "btc"}


def test_some_prices_are_tiny_and_still_have_six_significant_digits() -> None:
    tiny = [market for market in MARKETS if market.ticker(NOW_S).price < 2e-5]

    assert {"pepeusd", "shibusd"} <= {market.pair for market in tiny}
    assert all(len(market.text(market.ticker(NOW_S).price).lstrip("0.")) >= 5 for market in tiny)


def test_a_pair_costs_almost_the_same_on_two_exchanges_and_trades_unlike_amounts() -> None:
    kraken, binance = (listing(exchange=name).markets[0].ticker(NOW_S) for name in ("kraken", "binance"))

    assert kraken.price != binance.price
    assert kraken.price == pytest.approx(binance.price, rel=0.005)
    assert kraken.volume != pytest.approx(binance.volume, rel=0.01)


@settings(deadline=None)  # the machine may be busy
@given(market=markets, minute_s=minutes)
def test_a_candle_closes_at_the_price_of_the_minutes_end(market: Market, minute_s: int) -> None:
    (candle,) = market.candles(minute_s, minute_s + 60, now_s=minute_s + DAY_S)

    assert candle.close == market.ticker(minute_s + 60).price


@settings(deadline=None)  # the machine may be busy
@given(market=markets, minute_s=minutes, second=st.integers(1, 59))
def test_every_price_of_a_minute_lies_in_its_candle(market: Market, minute_s: int, second: int) -> None:
    (candle,) = market.candles(minute_s, minute_s + 60, now_s=minute_s + DAY_S)

    assert candle.low <= market.ticker(minute_s + max(second, 5)).price <= candle.high
    assert candle.low <= candle.open <= candle.high


@settings(deadline=None)  # the machine may be busy
@given(market=markets, minute_s=minutes)
def test_the_volume_of_24_h_is_the_sum_of_its_candles(market: Market, minute_s: int) -> None:
    candles = market.candles(minute_s - DAY_S, minute_s, now_s=minute_s)

    assert len(candles) == 1440
    assert math.fsum(candle.volume for candle in candles) == pytest.approx(
        market.ticker(minute_s).volume, rel=1e-9, abs=1e-5
    )


@settings(deadline=None)  # the machine may be busy
@given(market=markets, minute_s=minutes)
def test_the_figures_of_24_h_fit_the_candles(market: Market, minute_s: int) -> None:
    candles = market.candles(minute_s - DAY_S, minute_s, now_s=minute_s)
    ticker = market.ticker(minute_s)

    assert min(candle.low for candle in candles) < ticker.vwap < max(candle.high for candle in candles)
    assert ticker.low < ticker.price < ticker.high
    assert ticker.quote_volume == round(ticker.volume * ticker.vwap, 8)


def test_a_quote_stands_still_for_five_seconds_and_then_moves() -> None:
    assert BUSY.ticker(NOW_S).price == BUSY.ticker(NOW_S + 4.9).price
    assert BUSY.ticker(NOW_S).price != BUSY.ticker(NOW_S + 5).price


def test_a_thinly_traded_pair_keeps_its_price_through_a_minute_without_a_trade() -> None:
    candles = THIN.candles(MINUTE_S - DAY_S, MINUTE_S, NOW_S)
    quiet = [at for at, candle in enumerate(candles) if not candle.volume and at]

    assert 0.2 < len(quiet) / len(candles) < 0.4
    assert all(candles[at].open == candles[at].high == candles[at].low == candles[at - 1].close for at in quiet)


def test_a_busy_pair_trades_in_every_minute() -> None:
    assert all(candle.volume for candle in BUSY.candles(MINUTE_S - DAY_S, MINUTE_S, NOW_S))


def test_the_running_candle_is_there_as_far_as_it_got() -> None:
    (running,) = BUSY.candles(MINUTE_S, MINUTE_S + 60, NOW_S)
    (closed,) = BUSY.candles(MINUTE_S, MINUTE_S + 60, MINUTE_S + 60)

    assert running.close == BUSY.ticker(NOW_S).price
    assert running.volume == pytest.approx(closed.volume / 2, rel=1e-6)


def test_there_are_no_candles_of_the_future() -> None:
    assert BUSY.candles(MINUTE_S + 60, MINUTE_S + 600, NOW_S) == []


def test_a_longer_candle_is_made_of_its_minutes() -> None:
    start_s = MINUTE_S // 300 * 300 - 300
    candles = BUSY.candles(start_s, start_s + 300, NOW_S)

    (longer,) = BUSY.candles(start_s, start_s + 300, NOW_S, step_s=300)

    assert (longer.time_s, longer.open, longer.close) == (start_s, candles[0].open, candles[-1].close)
    assert longer.high == max(candle.high for candle in candles)
    assert longer.low == min(candle.low for candle in candles)
    assert longer.volume == round(math.fsum(candle.volume for candle in candles), 8)


def test_a_price_never_triples_within_a_day_by_itself() -> None:
    for market in MARKETS:
        ticker = market.ticker(NOW_S)
        assert 1 / 2 < ticker.price / ticker.open < 2
