"""Which minutes were answered, over restarts."""

from pathlib import Path

import pytest

from collector.answered import Answered
from collector.minutes import Span


def test_what_was_answered_is_known_after_a_restart(tmp_path: Path) -> None:
    before = Answered(tmp_path / "kraken.answered", 0)
    before.note("btcusd", Span(600, 1200))
    after = Answered(tmp_path / "kraken.answered", 0)
    assert ("btcusd", 600) in after
    assert ("btcusd", 1140) in after
    assert ("btcusd", 1200) not in after
    assert ("ethusd", 600) not in after


def test_what_is_older_than_the_bucket_keeps_is_forgotten(tmp_path: Path) -> None:
    before = Answered(tmp_path / "answered", 0)
    before.note("btcusd", Span(0, 600))
    before.note("btcusd", Span(600, 1200))
    after = Answered(tmp_path / "answered", 600)
    assert ("btcusd", 0) not in after
    assert ("btcusd", 600) in after
    assert len((tmp_path / "answered").read_text().splitlines()) == 2


@pytest.mark.parametrize("torn_at", range(1, 18))
def test_a_torn_line_is_no_line(tmp_path: Path, torn_at: int) -> None:
    path = tmp_path / "answered"
    before = Answered(path, 0)
    before.note("btcusd", Span(600, 1200))
    whole = path.read_bytes()
    before.note("ethusd", Span(6000, 12000))
    path.write_bytes(path.read_bytes()[: len(whole) + torn_at])
    after = Answered(path, 0)
    assert ("btcusd", 600) in after
    assert ("ethusd", 6000) not in after
    after.note("ltcusd", Span(0, 60))
    assert ("ltcusd", 0) in Answered(path, 0)


def test_how_far_everything_was_dealt_with_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "answered"
    assert Answered(path, 0).complete_s == 0
    Answered(path, 0).complete(1200)
    assert Answered(path, 0).complete_s == 1200
    assert Answered(path, 0).complete_s == 1200
