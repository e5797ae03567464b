"""POST /_sim/spike."""

import pytest

from tests.exchange_simulator_tests.stage import Stage


def test_a_price_spike_lasts_for_as_many_answers_as_were_ordered(stage: Stage) -> None:
    usual = stage.poll("binance")["dogeusd"].price

    stage.order("spike", exchange="binance", pair="dogeusd", metric="price", factor=4, polls=2)

    prices = [stage.poll("binance")["dogeusd"].price for _ in range(3)]
    assert prices == [pytest.approx(4 * usual), pytest.approx(4 * usual), usual]


def test_the_answer_itself_holds_the_spike(stage: Stage) -> None:
    usual = stage.price("dogeusd")

    stage.order("spike", exchange="binance", pair="dogeusd", metric="price", factor=4)

    assert stage.price("dogeusd") == pytest.approx(4 * usual)


def test_a_price_spike_leaves_volumes_other_pairs_and_other_exchanges_alone(stage: Stage) -> None:
    usual, elsewhere = stage.poll("binance"), stage.poll("kraken")

    stage.order("spike", exchange="binance", pair="dogeusd", metric="price", factor=4, polls=9)

    spiked = stage.poll("binance")
    assert {pair for pair in usual if usual[pair] != spiked[pair]} == {"dogeusd"}
    assert spiked["dogeusd"].volume == usual["dogeusd"].volume
    assert stage.poll("kraken") == elsewhere


def test_a_volume_spike_multiplies_both_24_h_volumes(stage: Stage) -> None:
    usual = stage.poll("binance")["ltcusd"]

    stage.order("spike", exchange="binance", pair="ltcusd", metric="volume", factor=3.5)

    spiked = stage.poll("binance")["ltcusd"]
    assert usual.volume is not None
    assert usual.quote_volume is not None
    assert spiked.price == usual.price
    assert spiked.volume == pytest.approx(3.5 * usual.volume)
    assert spiked.quote_volume == pytest.approx(3.5 * usual.quote_volume)


def test_two_spikes_of_one_pair_multiply(stage: Stage) -> None:
    usual = stage.price("dogeusd")

    for factor in (2, 3):
        stage.order("spike", exchange="binance", pair="dogeusd", metric="price", factor=factor)

    assert stage.price("dogeusd") == pytest.approx(6 * usual)


def test_a_spike_of_every_pair_is_one_of_each(stage: Stage) -> None:
    usual = stage.poll("binance")

    stage.order("spike", exchange="binance", pair="*", metric="price", factor=2)

    spiked = stage.poll("binance")
    assert len(spiked) == 130
    assert {pair: quote.price for pair, quote in spiked.items()} == pytest.approx(
        {pair: 2 * quote.price for pair, quote in usual.items()}
    )
    assert stage.poll("binance") == usual


def test_a_spike_of_every_pair_counts_each_pairs_own_answers(stage: Stage) -> None:
    usual = {pair: stage.price(pair) for pair in ("btcusd", "ltcusd")}

    stage.order("spike", exchange="binance", pair="*", metric="price", factor=2)

    assert stage.price("btcusd") == pytest.approx(2 * usual["btcusd"])
    assert stage.price("btcusd") == usual["btcusd"]
    assert stage.price("ltcusd") == pytest.approx(2 * usual["ltcusd"])


def test_an_answer_that_fails_does_not_use_up_a_spike(stage: Stage) -> None:
    usual = stage.price("dogeusd")
    stage.order("spike", exchange="binance", pair="dogeusd", metric="price", factor=4)

    stage.order("fault", exchange="binance", kind="truncate", seconds=60)
    stage.get("/binance/api/v3/ticker/24hr")
    stage.order("fault", exchange="binance", kind="none")

    assert stage.price("dogeusd") == pytest.approx(4 * usual)


def test_a_traded_spike_multiplies_the_volume_of_as_many_minutes_as_were_ordered(stage: Stage) -> None:
    start_ms = (int(stage.now_s) // 60 * 60 - 60) * 1000
    klines = f"/binance/api/v3/klines?symbol=BTCUSD&interval=1m&startTime={start_ms}&limit=4"
    stage.now_s += 300
    usual = [float(row[5]) for row in stage.read(klines)]

    stage.now_s -= 300
    stage.order("spike", exchange="binance", pair="btcusd", metric="traded", factor=10, polls=2)

    stage.now_s += 300
    times = [float(row[5]) / before for row, before in zip(stage.read(klines), usual, strict=True)]
    assert times == [pytest.approx(factor) for factor in (1, 10, 10, 1)]
