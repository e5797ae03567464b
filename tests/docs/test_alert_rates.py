"""The table of docs/alerts.md, from candle files made here; its rows are counted by hand."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from docs.alert_rates import BEGIN, END, load, main

CASES = Path(__file__).parent / "cases"
START_S = 1_504_396_800


def candle_file(path: Path, volumes: Sequence[float | None], price: float = 300.0) -> Path:
    """A file of a minute a volume; None is a minute without a row."""
    rows = [
        f"{START_S + 60 * minute},{price},{price},{price},{price},{volume}"
        for minute, volume in enumerate(volumes)
        if volume is not None
    ]
    path.write_text("time,open,high,low,close,volume\n" + "\n".join(rows))
    return path


def test_only_a_minute_above_three_times_its_hours_mean_fires(tmp_path: Path) -> None:
    recording = load(candle_file(tmp_path / "x.csv", [100.0] * 60 + [300.0] + [100.0] * 60 + [311.0]))
    fired = [one.ratio for one in recording.judged["traded"] if one.ratio > 3]
    assert fired == [pytest.approx(3.11)]


def test_the_floor_is_the_minutes_turnover_in_quote_currency(tmp_path: Path) -> None:
    recording = load(candle_file(tmp_path / "x.csv", [1.0] * 60 + [10.0], price=300.0))
    days = 61 / 1440
    assert recording.a_day("traded", factor=3, floor=3000) == pytest.approx(1 / days)
    assert recording.a_day("traded", factor=3, floor=3001) == 0


def test_a_minute_without_a_row_counts_as_traded_nothing(tmp_path: Path) -> None:
    recording = load(candle_file(tmp_path / "x.csv", [60.0, None, None] * 20 + [60.0]))
    assert recording.judged["traded"][-1].ratio == pytest.approx(3.0)


def test_fewer_than_ten_values_are_no_mean(tmp_path: Path) -> None:
    recording = load(candle_file(tmp_path / "x.csv", [1.0] * 9 + [1000.0] * 2))
    assert len(recording.judged["traded"]) == 1


def test_no_minute_is_judged_against_the_other_side_of_a_long_hole(tmp_path: Path) -> None:
    recording = load(candle_file(tmp_path / "x.csv", [1.0] * 60 + [None] * 70 + [1000.0]))
    assert max(one.ratio for one in recording.judged["traded"]) == 1


def test_the_day_volume_can_only_be_judged_behind_a_whole_day(tmp_path: Path) -> None:
    path = candle_file(tmp_path / "x.csv", [1.0] * (1440 + 15))
    assert len(load(path).judged["volume"]) == 15 + 1 - 10


def test_the_command_replaces_its_block_and_leaves_the_page_alone(tmp_path: Path) -> None:
    page = tmp_path / "alerts.md"
    page.write_text(f"# Alerts\n\nBefore.\n\n{BEGIN}\nold\n{END}\n\nAfter.\n")
    file = candle_file(tmp_path / "kraken-btcusd-2026-01-02.csv", [1.0] * 100)
    assert main([str(file)], page) == 0
    text = page.read_text()
    assert "old" not in text
    assert text.startswith("# Alerts\n\nBefore.\n")
    assert text.endswith("After.\n")
    assert "| Kraken btcusd, from 2026-01-02 | 0.1 | 0.0 (1.00 x) |" in text


def test_a_file_that_is_none_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.csv")], tmp_path / "alerts.md") == 1
    assert "none.csv can't be read" in capsys.readouterr().err


def test_in_the_recorded_crash_what_was_traded_triples_and_the_price_does_not() -> None:
    """Coinbase's ETH-USD, 06:11 to 07:11 on 4 September 2017, before the day's fall by 24 %; 07:11 is the spike."""
    recording = load(CASES / "coinbase-ethusd-2017-09-04.csv")
    assert recording.title == "Coinbase ethusd, from 2017-09-04"
    traded, price = recording.judged["traded"][-1], recording.judged["price"][-1]
    assert traded.ratio == pytest.approx(45.986, abs=0.001)
    assert traded.turnover == pytest.approx(3123.58570907 * 340.4)
    assert 0.95 < price.ratio < 1.05
