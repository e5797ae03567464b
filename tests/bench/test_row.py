"""When a benchmark's figure keeps its bound."""

import pytest

from bench.row import Row, shown


@pytest.mark.parametrize(("ours", "holds"), [(1.0, True), (1.25, True), (1.26, False)])
def test_with_a_peer_the_bound_is_for_the_ratio(ours: float, holds: bool) -> None:
    assert Row(what="CPU", unit="us", ours=ours, peer=10, most=0.125).holds is holds


@pytest.mark.parametrize(("ours", "holds"), [(7.9, False), (8.0, True)])
def test_a_rate_must_reach_its_share(ours: float, holds: bool) -> None:
    assert Row(what="rate", unit="1/s", ours=ours, peer=10, least=0.8).holds is holds


def test_without_a_peer_the_bound_is_for_the_figure_itself() -> None:
    assert not Row(what="memory", unit="MB", ours=151, most=150).holds


def test_without_a_bound_everything_holds() -> None:
    row = Row(what="memory", unit="MB", ours=151)
    assert (row.holds, row.limit) == (True, "")


@pytest.mark.parametrize(("figure", "text"), [(None, ""), (0.09091, "0.0909"), (12.345, "12.3"), (61302.4, "61,302")])
def test_figures_have_three_digits(figure: float | None, text: str) -> None:
    assert shown(figure) == text
