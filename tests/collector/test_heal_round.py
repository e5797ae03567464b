"""One round over an exchange."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.answered import Answered
from collector.heal import Healer
from collector.heal_round import TRIES, Progress, Round, lacking, ordered
from collector.lines import NS, tags
from collector.minutes import MINUTE_S, Span, minute_of
from collector.stored import Stored
from influx import tokens
from influx.client import Database
from influx.settings import Settings
from tests.collector.made_candles import Exchange, Kept, adapter, answering, candle, series, source

NOW = minute_of(time.time())
SPAN = Span(NOW - 10 * MINUTE_S, NOW - 2 * MINUTE_S)
BTC, ETH, LTC, XRP = series("btc"), series("eth"), series("ltc"), series("xrp")


@pytest.fixture(scope="module")
def database(influxd: Settings) -> Iterator[Database]:
    found = tokens.connect(influxd, tokens.COLLECTOR)
    assert found is not None
    yield found
    found.close()


def test_a_series_lacks_minutes_when_it_has_fewer_prices_than_there_were_ticks() -> None:
    counts = {"btcusd": 8, "ethusd": 7}
    assert lacking([BTC, ETH, LTC], counts, SPAN, 60) == [ETH, LTC]
    assert lacking([BTC, ETH], {"btcusd": 48, "ethusd": 47}, SPAN, 10) == [ETH]


def test_what_lies_before_a_series_first_price_is_not_lacking_where_nothing_is_filled_in_before_it() -> None:
    firsts = {"btcusd": SPAN.end_s - 2 * MINUTE_S, "ethusd": SPAN.end_s - 2 * MINUTE_S}
    assert lacking([BTC, ETH, LTC], {"btcusd": 3, "ethusd": 2}, SPAN, 60, firsts) == [ETH]
    assert lacking([BTC, ETH], {"btcusd": 13, "ethusd": 12}, SPAN, 10, firsts) == [ETH]


def test_the_most_traded_come_first_and_unknown_ones_last() -> None:
    assert ordered([BTC, ETH, LTC, XRP], ["xrpusd", "ethusd"]) == [XRP, ETH, BTC, LTC]


def run(
    database: Database, folder: Path, name: str, exchange: Exchange, *, backfill: bool = True
) -> tuple[Progress, list[Progress], list[str]]:
    """A round over three pairs; gives its result, its steps, and the codes in the order they were asked for."""
    sink = Kept()
    asking = source(adapter(name), folder, sink)
    asking.pause = lambda seconds: None  # type: ignore[method-assign] # the waits between tries are not this test's
    stored = Stored(database, name)
    healer = Healer(asking, stored, Answered(folder / "answered", 0), sink, backfill=backfill)
    steps: list[Progress] = []
    with answering(exchange):
        done = Round(healer, asking, stored, 60, steps.append).run([BTC, ETH, LTC], SPAN)
    return done, steps, [code for code, _ in exchange.calls]


def everything(*codes: str) -> Exchange:
    return Exchange({code: {minute: candle(minute, 10.0) for minute in SPAN} for code in codes})


def test_pairs_are_healed_by_turnover_and_complete_ones_are_not_asked_for(database: Database, tmp_path: Path) -> None:
    name = "round-order"
    lines = [
        f"quote,{tags(name, one.market)} price=10.0,quote_volume={turnover!r} {tick * NS}"
        for one, turnover, ticks in (
            (BTC, 100.0, [NOW - MINUTE_S]),
            (ETH, 500.0, [minute + MINUTE_S for minute in SPAN]),
            (LTC, 300.0, [NOW - MINUTE_S]),
        )
        for tick in ticks
    ]
    database.write("quotes", "\n".join(lines).encode())
    done, steps, codes = run(database, tmp_path, name, everything("BTCUSD", "ETHUSD", "LTCUSD"))
    assert codes == ["LTCUSD", "BTCUSD"]
    assert done == Progress(done=2, total=2, healed=16)
    assert [step.done for step in steps] == [0, 1, 2]


def test_a_pair_that_fails_is_left_after_some_tries_and_the_others_go_on(database: Database, tmp_path: Path) -> None:
    exchange = everything("BTCUSD", "ETHUSD", "LTCUSD")
    exchange.refusals += [(404, {}, "no such symbol")] * TRIES
    done, _, codes = run(database, tmp_path, "round-fail", exchange)
    assert codes == ["BTCUSD"] * TRIES + ["ETHUSD", "LTCUSD"]
    assert (done.done, done.failed, done.healed) == (3, 1, 16)
    assert done.reason.startswith("btcusd: HTTP 404")


def test_a_pause_that_the_exchange_asks_for_costs_no_try(database: Database, tmp_path: Path) -> None:
    exchange = everything("BTCUSD", "ETHUSD", "LTCUSD")
    exchange.refusals += [(429, {"Retry-After": "0"}, "")] * (TRIES + 2)
    done, _, _ = run(database, tmp_path, "round-limit", exchange)
    assert (done.done, done.failed) == (3, 0)


def test_nothing_missing_is_a_round_of_nothing(database: Database, tmp_path: Path) -> None:
    name = "round-none"
    lines = [
        f"quote,{tags(name, one.market)} price=10.0 {(minute + MINUTE_S) * NS}"
        for one in (BTC, ETH, LTC)
        for minute in SPAN
    ]
    database.write("quotes", "\n".join(lines).encode())
    done, steps, codes = run(database, tmp_path, name, everything())
    assert (done, steps, codes) == (Progress(0, 0), [], [])


def test_without_backfill_a_first_start_has_nothing_to_tell(database: Database, tmp_path: Path) -> None:
    done, steps, codes = run(database, tmp_path, "round-unfilled", everything("BTCUSD"), backfill=False)
    assert (done, steps, codes) == (Progress(0, 0), [], [])


def test_without_backfill_only_pairs_with_a_hole_behind_their_first_price_are_told(
    database: Database, tmp_path: Path
) -> None:
    name = "round-behind"
    ticks = list(range(SPAN.end_s - 3 * MINUTE_S, SPAN.end_s + MINUTE_S, MINUTE_S))
    lines = [
        f"quote,{tags(name, one.market)} price=10.0 {tick * NS}"
        for one, known in ((BTC, ticks), (ETH, [ticks[0], *ticks[2:]]))
        for tick in known
    ]
    database.write("quotes", "\n".join(lines).encode())
    done, steps, codes = run(database, tmp_path, name, everything("BTCUSD", "ETHUSD", "LTCUSD"), backfill=False)
    assert codes == ["ETHUSD"]
    assert done == Progress(done=1, total=1, healed=1)
    assert [step.total for step in steps] == [1, 1]
