"""What every adapter must do, whichever exchange it is for."""

import contextlib
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from collector.decode import Body, Changed
from collector.exchange import Declined, Exchange, History, Pair, Quote
from collector.exchanges import native
from tests.collector.exchanges import case

ALL = [pytest.param(found(), id=name) for name, found in native().items()]
WITH_CANDLES = [pytest.param(found(), id=name) for name, found in native().items() if issubclass(found, History)]
PAGE = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>"
START_S = 1_767_225_600


def all_pairs(exchange: Exchange) -> list[list[Pair]]:
    """The pairs of every case of an exchange."""
    folders = [path for path in case.folders("pairs.json") if case.exchange(path).name == exchange.name]
    return [list(exchange.pairs(case.body(path / "pairs.json"))) for path in folders]


@pytest.mark.parametrize("exchange", ALL)
def test_its_facts_are_there(exchange: Exchange) -> None:
    assert re.fullmatch(r"[a-z0-9]+", exchange.name)
    assert exchange.base_url.startswith("https://")
    assert not exchange.base_url.endswith("/")
    assert exchange.docs.startswith("https://")
    assert re.search(r"\d", exchange.limit)
    assert exchange.quote_volume
    assert (exchange.weight_header is None) == (exchange.weight_limit is None)
    assert bool(exchange.detail_urls([Pair("BTCUSD", "BTC", "USD")])) == bool(exchange.details_per_minute)
    module = inspect.getmodule(type(exchange))
    assert module is not None
    assert "https://" in (module.__doc__ or "")


@pytest.mark.parametrize("exchange", ALL)
def test_it_has_the_cases_that_every_exchange_needs(exchange: Exchange) -> None:
    assert case.listed(exchange.name) >= {"damaged_rows", "refusals"}
    assert len([path for path in case.folders("expected.lp") if case.exchange(path).name == exchange.name]) >= 2


@pytest.mark.parametrize("exchange", ALL)
def test_its_paths_lie_below_the_base_address(exchange: Exchange) -> None:
    pairs = all_pairs(exchange)[0]
    for path in [*exchange.pair_urls(), *exchange.ticker_urls(pairs), *exchange.detail_urls(pairs)]:
        assert path.startswith("/")
        assert not path.startswith("//")


@pytest.mark.parametrize("exchange", ALL)
def test_its_pairs_are_unique_and_of_two_currencies(exchange: Exchange) -> None:
    for pairs in all_pairs(exchange):
        codes = [pair.code for pair in pairs]
        assert len(set(codes)) == len(codes)
        assert all(pair.base != pair.quote for pair in pairs)


@pytest.mark.parametrize("path", case.folders("expected.lp"), ids=case.name)
def test_names_of_pairs_are_unique_and_lower_case(path: Path) -> None:
    joined = case.poll_once(path).joined
    names = [market.pair for market in joined.markets.values()]
    assert len(set(names)) == len(names)
    assert names == [name.lower() for name in names]
    assert all(market.pair == market.base + market.quote for market in joined.markets.values())


@pytest.mark.parametrize("exchange", ALL)
def test_a_web_page_instead_of_an_answer_is_a_changed_shape(exchange: Exchange) -> None:
    with pytest.raises(Changed, match="Just a moment"):
        list(exchange.quotes(Body(PAGE)))
    with pytest.raises(Changed, match="Just a moment"):
        list(exchange.pairs(Body(PAGE)))


@pytest.mark.parametrize("exchange", ALL)
@pytest.mark.parametrize("text", [b"", b"null", b"17", b'"closed for maintenance"'])
def test_something_else_is_a_changed_shape(exchange: Exchange, text: bytes) -> None:
    with pytest.raises(Changed):
        list(exchange.quotes(Body(text)))
    with pytest.raises(Changed):
        list(exchange.pairs(Body(text)))


@pytest.mark.parametrize("exchange", ALL)
@pytest.mark.parametrize("text", [b"[]", b"{}"])
def test_an_empty_answer_gives_nothing(exchange: Exchange, text: bytes) -> None:
    for read in (exchange.quotes, exchange.pairs):
        with contextlib.suppress(Changed):  # where the exchange's own envelope is another
            assert list(read(Body(text))) == []


@pytest.mark.parametrize("path", case.folders("tickers.json"), ids=case.name)
def test_half_an_answer_is_a_changed_shape(path: Path) -> None:
    raw = case.body(path / "tickers.json").raw
    with pytest.raises(Changed):
        list(case.exchange(path).quotes(Body(raw[: len(raw) // 2])))


@pytest.mark.parametrize("path", case.refusals(), ids=case.name)
def test_a_refusal_in_the_exchange_s_own_words_gives_nothing_and_its_reason(path: Path) -> None:
    exchange = case.exchange(path)
    for read in (exchange.quotes, exchange.pairs):
        heard = outcome(read, case.body(path))
        if path.stem == "limited":
            assert heard.startswith("limited: ")
        else:
            assert heard.startswith(("declined: ", "changed: ", "unreadable: "))
        assert re.search(r": .*\w{4}", heard)


def outcome(read: Callable[[Body], Iterator[Pair | Quote]], answer: Body) -> str:
    """What became of a refusal: which error, or which rows were unreadable."""
    try:
        rows = list(read(answer))
    except Declined as declined:
        return f"{'limited' if declined.limited else 'declined'}: {declined}"
    except Changed as changed:
        return f"changed: {changed}"
    return f"unreadable: {answer.bad}" if answer.bad and not rows else f"taken for rows: {rows}"


@pytest.mark.parametrize("exchange", WITH_CANDLES)
def test_its_candles_are_described_and_asked_for(exchange: History) -> None:
    assert isinstance(exchange, Exchange)
    assert exchange.candle_step_s == 60
    assert 100 <= exchange.candles_per_call <= 10_000
    assert exchange.candle_depth is None or exchange.candle_depth >= 720
    assert exchange.candle_requests_per_minute >= 30
    for pair in all_pairs(exchange)[0]:
        path = exchange.candle_url(pair, START_S, START_S + 600)
        assert path.startswith("/")
        assert pair.code.lower() in path.lower()


@pytest.mark.parametrize("exchange", WITH_CANDLES)
def test_its_candles_have_a_case(exchange: History) -> None:
    assert isinstance(exchange, Exchange)
    assert [path for path in case.folders("candles.json") if case.exchange(path).name == exchange.name]


@pytest.mark.parametrize("exchange", WITH_CANDLES)
def test_a_web_page_instead_of_candles_is_a_changed_shape(exchange: History) -> None:
    with pytest.raises(Changed, match="Just a moment"):
        list(exchange.candles(Body(PAGE)))
