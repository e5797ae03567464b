"""The bound on series is shared out evenly, and always in the same way."""

from hypothesis import given
from hypothesis import strategies as st

from collector.series_cap import SeriesCap, shares


def test_who_lists_less_than_its_share_leaves_the_rest_to_the_others() -> None:
    assert shares({"gemini": 100, "mexc": 2000, "binance": 1500}, 2100) == {
        "gemini": 100,
        "binance": 1000,
        "mexc": 1000,
    }


def test_below_the_bound_everyone_has_all() -> None:
    assert shares({"kraken": 5, "binance": 7}, 12) == {"kraken": 5, "binance": 7}


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 3000), min_size=1, max_size=12), st.integers(1, 20_000))
def test_shares_fill_the_bound_and_never_break_it(wanted: dict[str, int], limit: int) -> None:
    given_out = shares(wanted, limit)
    assert sum(given_out.values()) == min(limit, sum(wanted.values()))
    assert all(given_out[name] <= wanted[name] for name in wanted)


def test_a_share_shrinks_when_another_exchange_comes_to_know_its_pairs() -> None:
    cap = SeriesCap(100)
    assert [cap.share("kraken", 80), cap.share("binance", 80), cap.share("kraken", 80)] == [80, 50, 50]
