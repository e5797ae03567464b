"""Each simulated exchange against the collector's own adapter of that exchange: both must mean the same."""

import pytest

from collector.decode import Body, Changed
from collector.exchange import Candle, Declined, Exchange, History, Pair, Quote
from collector.exchanges import native
from collector.lines import join, market
from tests.exchange_simulator.exchanges import wires
from tests.exchange_simulator.market import Candle as MarketCandle
from tests.exchange_simulator.wire import Candles
from tests.exchange_simulator_tests.stage import Stage

ADAPTERS = {name: native()[name]() for name in wires() if name in native()}
every_exchange = pytest.mark.parametrize("exchange", ADAPTERS.values(), ids=ADAPTERS)
every_history = pytest.mark.parametrize(
    "exchange", [one for one in ADAPTERS.values() if isinstance(one, History)], ids=lambda one: one.name
)


def pairs(stage: Stage, exchange: Exchange) -> list[Pair]:
    bodies = [Body(stage.get(f"/{exchange.name}{url}")) for url in exchange.pair_urls()]
    found = [pair for body in bodies for pair in exchange.pairs(body)]
    assert not [bad for body in bodies for bad in body.bad]
    return found


def quotes(stage: Stage, exchange: Exchange, urls: list[str]) -> list[Quote]:
    bodies = [Body(stage.get(f"/{exchange.name}{url}")) for url in urls]
    found = [quote for body in bodies for quote in exchange.quotes(body)]
    assert not [bad for body in bodies for bad in body.bad]
    return found


def named(exchange: Exchange, listed: list[Pair]) -> dict[str, Pair]:
    return {market(pair, exchange.aliases).pair: pair for pair in listed}


def candles(stage: Stage, exchange: Exchange, pair: Pair, start_s: int, end_s: int) -> list[Candle]:
    assert isinstance(exchange, History)
    url = exchange.candle_url(pair, start_s, end_s)
    found = exchange.candles(Body(stage.get(f"/{exchange.name}{url}")))
    return sorted((candle for candle in found if start_s <= candle.time_s < end_s), key=lambda candle: candle.time_s)


def test_every_exchange_of_the_collector_is_simulated() -> None:
    assert set(native()) == set(wires())


@every_exchange
def test_the_adapter_finds_the_listed_pairs_and_no_others(stage: Stage, exchange: Exchange) -> None:
    listing = stage.simulation.venues[exchange.name].listing

    joined = join(exchange.name, exchange.aliases, pairs(stage, exchange))

    assert not joined.left_out
    assert {found.pair: (found.base, found.quote) for found in joined.markets.values()} == {
        market.pair: (market.base, market.quote) for market in listing.markets
    }


@every_exchange
def test_the_adapter_reads_exactly_the_quotes_of_the_journal(stage: Stage, exchange: Exchange) -> None:
    listed = pairs(stage, exchange)
    names = {code: name for name, pair in named(exchange, listed).items() for code in (*pair.also, pair.code)}

    read = quotes(stage, exchange, [*exchange.ticker_urls(listed), *exchange.detail_urls(listed[:20])])

    journal = stage.journal()
    assert [
        (names[quote.code], quote.price, quote.volume, quote.quote_volume) for quote in read if quote.code in names
    ] == [(quote.pair, quote.price, quote.volume, quote.quote_volume) for quote in journal]
    assert len({quote.pair for quote in journal}) == len(listed)


@every_exchange
def test_a_spike_reaches_the_adapter(stage: Stage, exchange: Exchange) -> None:
    listed = pairs(stage, exchange)
    doge = named(exchange, listed)["dogeusd"]

    def price() -> float:
        read = quotes(stage, exchange, list(exchange.ticker_urls([doge])))
        return next(quote.price for quote in read if quote.code in (doge.code, *doge.also))

    usual = price()
    stage.order("spike", exchange=exchange.name, pair="dogeusd", metric="price", factor=4)

    assert price() == pytest.approx(4 * usual, rel=1e-4)


@every_history
@pytest.mark.parametrize("name", ["btcusd", "pepeusd", "thin"])
def test_the_adapter_reads_the_markets_candles(stage: Stage, exchange: Exchange, name: str) -> None:
    assert isinstance(exchange, History)
    listing = stage.simulation.venues[exchange.name].listing
    market = next(one for one in listing.markets if one.pair == name or (one.thin and name == "thin"))
    step_s = exchange.candle_step_s
    end_s = int(stage.now_s) // step_s * step_s
    start_s = end_s - min(exchange.candles_per_call, 200) * step_s

    read = candles(stage, exchange, named(exchange, pairs(stage, exchange))[market.pair], start_s, end_s)

    expected = {candle.time_s: candle for candle in market.candles(start_s, end_s, stage.now_s, step_s)}
    assert [_figures(candle) for candle in read] == [_figures(expected[candle.time_s]) for candle in read]
    quiet = all(page.quiet for page in wires()[exchange.name].pages().values() if isinstance(page, Candles))
    assert [candle.time_s for candle in read] == [at for at, candle in expected.items() if candle.volume or quiet]


@every_history
def test_a_call_gives_no_more_candles_than_the_exchange_does(stage: Stage, exchange: Exchange) -> None:
    assert isinstance(exchange, History)
    pair = named(exchange, pairs(stage, exchange))["btcusd"]
    end_s = int(stage.now_s) // 60 * 60

    url = exchange.candle_url(pair, end_s - 3 * exchange.candles_per_call * exchange.candle_step_s, end_s)
    read = list(exchange.candles(Body(stage.get(f"/{exchange.name}{url}"))))

    assert 0 < len(read) <= exchange.candles_per_call + 1  # the running one is not counted everywhere


def _figures(candle: Candle | MarketCandle) -> tuple[float, ...]:
    return (candle.time_s, candle.open, candle.high, candle.low, candle.close, candle.volume)


@every_exchange
def test_an_exchange_that_declines_is_understood_as_a_limit(stage: Stage, exchange: Exchange) -> None:
    listed = pairs(stage, exchange)
    stage.order("fault", exchange=exchange.name, kind="declined", seconds=30)

    answer = stage.ask(f"/{exchange.name}{exchange.ticker_urls(listed)[0]}")

    if answer.status_code == 200:
        with pytest.raises(Declined) as declined:
            list(exchange.quotes(Body(answer.content)))
        assert declined.value.limited
    else:
        assert answer.status_code in (429, 418, 403)


@every_exchange
@pytest.mark.parametrize("kind", ["truncate", "html"])
def test_half_an_answer_and_html_are_a_changed_shape(stage: Stage, exchange: Exchange, kind: str) -> None:
    listed = pairs(stage, exchange)
    stage.order("fault", exchange=exchange.name, kind=kind, seconds=30)

    body = Body(stage.get(f"/{exchange.name}{exchange.ticker_urls(listed)[0]}"))

    with pytest.raises(Changed):
        list(exchange.quotes(body))


@every_exchange
def test_an_empty_answer_has_neither_pairs_nor_quotes(stage: Stage, exchange: Exchange) -> None:
    listed = pairs(stage, exchange)
    stage.order("fault", exchange=exchange.name, kind="empty", seconds=30)

    assert pairs(stage, exchange) == []
    assert quotes(stage, exchange, list(exchange.ticker_urls(listed))) == []
