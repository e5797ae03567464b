"""Which ticks came late, as the events tell them."""

from collector.late import late_lines

NOW_S = 1_700_000_000


def quote(exchange: str, age_s: int, measurement: str = "quote") -> bytes:
    return b"%s,base=btc,exchange=%s,pair=btcusd,quote=usd price=1.5 %d\n" % (
        measurement.encode(),
        exchange.encode(),
        (NOW_S - age_s) * 10**9,
    )


def test_nothing_is_told_of_quotes_in_time() -> None:
    assert late_lines(quote("kraken", 0) + quote("kraken", 5), NOW_S) == b""


def test_the_range_of_an_exchange_is_its_first_and_last_late_tick() -> None:
    lines = quote("kraken", 600) + quote("kraken", 3) + quote("kraken", 900) + quote("kraken", 300)
    told = b'late_range,exchange=kraken,measurement=quote start="2023-11-14T21:58:20Z",stop="2023-11-14T22:08:20Z" '
    assert late_lines(lines, NOW_S) == told + b"%d\n" % (NOW_S * 10**9)


def test_each_exchange_has_a_range_of_its_own() -> None:
    lines = late_lines(quote("kraken", 600) + quote("okx", 700), NOW_S).splitlines()
    assert [line.split()[0] for line in lines] == [
        b"late_range,exchange=kraken,measurement=quote",
        b"late_range,exchange=okx,measurement=quote",
    ]


def test_a_candle_is_late_only_after_its_minute() -> None:
    assert late_lines(quote("kraken", 110, "candle"), NOW_S) == b""
    assert b"measurement=candle" in late_lines(quote("kraken", 120, "candle"), NOW_S)


def test_an_answer_that_comes_after_the_ticks_check_is_late() -> None:
    assert late_lines(quote("kraken", 6), NOW_S)
    assert not late_lines(quote("kraken", 5), NOW_S)


def test_an_escaped_name_stays_escaped() -> None:
    assert rb"exchange=my\ exchange\,1,measurement" in late_lines(quote(r"my\ exchange\,1", 600), NOW_S)


def test_other_measurements_have_no_ticks() -> None:
    assert late_lines(quote("kraken", 600, "exchange_state"), NOW_S) == b""
