"""Candles as line protocol."""

from collector.candle_lines import candle_line, healed_line, replayed_line
from collector.day_volume import UNKNOWN, DayVolume
from collector.exchange import Candle

TAGS = "base=btc,exchange=kraken,pair=btcusd,quote=usd"
CANDLE = Candle(1_504_396_800, 354, 354.88, 353.5, 354.84, 0)


def test_a_candle_lies_at_its_minutes_start_and_its_numbers_are_floats() -> None:
    assert candle_line(TAGS, Candle(1_504_396_800, 354.0, 354.88, 353.5, 354.84, 0.0)) == (
        f"candle,{TAGS} open=354.0,high=354.88,low=353.5,close=354.84,volume=0.0 1504396800000000000"
    )


def test_a_healed_quote_lies_at_the_minutes_end_marked_and_without_volume() -> None:
    assert healed_line(TAGS, CANDLE) == f"quote,{TAGS} price=354.84,healed=true 1504396860000000000"


def test_a_replayed_quote_has_volumes_where_they_are_known() -> None:
    assert replayed_line(TAGS, CANDLE, UNKNOWN) == f"quote,{TAGS} price=354.84 1504396860000000000"
    assert replayed_line(TAGS, CANDLE, DayVolume(2.0, 700.0)) == (
        f"quote,{TAGS} price=354.84,volume=2.0,quote_volume=700.0 1504396860000000000"
    )
