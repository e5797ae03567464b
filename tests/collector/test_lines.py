"""From quotes to line protocol: joined, mended, checked."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode import BadRow
from collector.exchange import Pair, Quote
from collector.lines import REASONS, Bad, Encoded, Join, Shard, encode, join, told

TICK_S = 1_795_521_840
KRAKEN = {"XBT": "BTC", "XDG": "DOGE"}


def lines(join: Join, *quotes: Quote) -> Encoded:
    return encode(join.prefixes, quotes, TICK_S)


def kraken(*pairs: Pair) -> Join:
    return join("kraken", KRAKEN, pairs)


def test_a_quote_becomes_one_line_under_common_names_at_the_tick() -> None:
    joined = kraken(Pair("XXBTZUSD", "XBT", "USD"))
    encoded = lines(joined, Quote("XXBTZUSD", 97_012.4, 1234.5, 1.19e8))
    (line,) = encoded.lines
    assert line.split(" ") == [
        "quote,base=btc,exchange=kraken,pair=btcusd,quote=usd",
        "price=97012.4,volume=1234.5,quote_volume=119000000.0",
        "1795521840000000000",
    ]


@pytest.mark.parametrize("code", ["XXBTZUSD", "XBTUSD", "BTC/USD"])
def test_a_ticker_may_come_under_any_code_of_its_pair(code: str) -> None:
    joined = kraken(Pair("XXBTZUSD", "XBT", "USD", also=("XBTUSD", "BTC/USD")))
    assert len(lines(joined, Quote(code, 1.0)).lines) == 1


def test_a_figure_that_the_exchange_does_not_say_is_no_field() -> None:
    joined = kraken(Pair("A", "a", "usd"))
    encoded = lines(joined, Quote("A", 1.0), Quote("A", 1.0, volume=2.0), Quote("A", 1.0, quote_volume=3.0))
    assert [line.split(" ")[1] for line in encoded.lines] == [
        "price=1.0",
        "price=1.0,volume=2.0",
        "price=1.0,quote_volume=3.0",
    ]


@pytest.mark.parametrize(
    ("quote", "reason"),
    [
        (Quote("A", 0.0, 1.0, 1.0), "zero price"),
        (Quote("A", -1.0, 1.0, 1.0), "negative price"),
        (Quote("A", nan, 1.0, 1.0), "price no number"),
        (Quote("A", inf, 1.0, 1.0), "price no number"),
        (Quote("A", 1.0, nan, 1.0), "volume no number"),
        (Quote("A", 1.0, -1.0, 1.0), "negative volume"),
        (Quote("A", 1.0, 1.0, inf), "quote_volume no number"),
        (Quote("A", 1.0, None, -0.5), "negative quote_volume"),
    ],
)
def test_a_bad_figure_costs_its_own_row_and_says_why(quote: Quote, reason: str) -> None:
    joined = kraken(Pair("A", "a", "usd"), Pair("B", "b", "usd"))
    encoded = lines(joined, quote, Quote("B", 2.0))
    assert encoded.bad == [Bad("A", reason)]
    assert reason in REASONS
    assert [line.split(",")[1] for line in encoded.lines] == ["base=b"]


def test_a_volume_of_zero_is_a_figure() -> None:
    assert len(lines(kraken(Pair("A", "a", "usd")), Quote("A", 1.0, 0.0, 0.0)).lines) == 1


def test_tickers_of_no_pair_of_ours_are_counted_and_not_stored() -> None:
    encoded = lines(kraken(Pair("A", "a", "usd")), Quote("A", 1.0), Quote("DARK.d", 1.0))
    assert (len(encoded.lines), encoded.unlisted, encoded.bad) == (1, 1, [])


@given(st.floats(min_value=5e-324, max_value=1.7e308), st.floats(min_value=0, max_value=1.7e308))
def test_figures_are_written_without_loss(price: float, volume: float) -> None:
    joined = kraken(Pair("A", "a", "usd"))
    fields = dict(
        field.split("=") for field in lines(joined, Quote("A", price, volume, volume)).lines[0].split(" ")[1].split(",")
    )
    assert {name: float(text) for name, text in fields.items()} == {
        "price": price,
        "volume": volume,
        "quote_volume": volume,
    }


def test_of_two_codes_of_one_pair_the_alphabetically_first_is_kept_and_the_other_named() -> None:
    first, second = Pair("BCHSV-BTC", "BSV", "BTC"), Pair("BSV-BTC", "BSV", "BTC")
    for order in ((first, second), (second, first)):
        joined = join("kucoin", {}, order)
        assert list(joined.markets) == ["BCHSV-BTC"]
        assert joined.left_out == [Bad("BSV-BTC", "double", "is bsvbtc, which 'BCHSV-BTC' is already")]


def test_a_code_of_its_own_goes_before_another_pairs_second_name() -> None:
    joined = join("x", {}, [Pair("A", "one", "usd", also=("B",)), Pair("B", "two", "usd")])
    assert "base=two," in joined.prefixes["B"]


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\\", "\x00"])
def test_a_name_that_no_tag_can_hold_is_left_out_and_named(name: str) -> None:
    joined = join("x", {}, [Pair("GOOD", "a", "usd"), Pair("ODD", name, "usd")])
    assert (list(joined.markets), [bad.code for bad in joined.left_out]) == (["GOOD"], ["ODD"])


def test_shards_share_the_pairs_out_without_gap_or_double() -> None:
    pairs = [Pair(f"P{number}", f"c{number}", "usd") for number in range(1000)]
    parts = [set(join("x", {}, pairs, Shard(number, 4)).markets) for number in (1, 2, 3, 4)]
    assert sum(map(len, parts)) == 1000
    assert set.union(*parts) == {pair.code for pair in pairs}
    assert all(200 < len(part) < 300 for part in parts)


def test_a_series_stays_in_its_shard_on_every_machine() -> None:
    assert [Shard(number, 3).takes("kraken", "btcusd") for number in (1, 2, 3)] == [False, False, True]


def test_rows_that_could_not_be_decoded_are_bad_rows_with_their_place() -> None:
    encoded = Encoded([], [])
    encoded.add(Encoded(["a"], [Bad("A", "zero price")], 2), [BadRow("[7]", "Expected `float`, got `null`", "{}")])
    assert encoded == Encoded(
        ["a"], [Bad("A", "zero price"), Bad("[7]", "unreadable", "Expected `float`, got `null`")], 2
    )


def test_a_line_names_a_few_bad_rows_and_how_many_more_there_are() -> None:
    bad = [Bad(f"C{number}", "zero price") for number in range(7)]
    assert told(bad) == "'C0', 'C1', 'C2', 'C3', 'C4' and 2 more"
