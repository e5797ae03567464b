"""Every case folder: answers in, lines out; the rows left out are named with their reason."""

import csv
from pathlib import Path

import pytest

from tests.collector.exchanges import case

SLACK = 0.03  # an exchange does not cut both volumes' and the prices' 24 h at the same moment: OKX, BCD-BTC


@pytest.mark.parametrize("path", case.folders("expected.lp"), ids=case.name)
def test_answers_become_the_expected_lines(path: Path) -> None:
    assert case.poll_once(path).encoded.lines == (path / "expected.lp").read_text().splitlines()


@pytest.mark.parametrize("path", case.folders("expected.lp"), ids=case.name)
def test_every_row_that_became_no_line_is_named_with_its_reason(path: Path) -> None:
    result = case.poll_once(path)
    named = case.left_out(path)
    ours = case.told(result.encoded.bad) | case.told(result.joined.left_out)
    assert ours <= named
    assert set(result.unlisted) <= {line.rsplit(": ", 1)[0] for line in named - ours}


@pytest.mark.parametrize("path", [path for path in case.folders("expected.lp") if case.left_out(path)], ids=case.name)
def test_what_is_named_as_left_out_stood_in_the_answers_and_became_no_line(path: Path) -> None:
    result = case.poll_once(path)
    answers = "".join(file.read_text() for file in path.glob("*.json"))
    written = {line.partition(" price=")[0] for line in result.encoded.lines}
    for line in case.left_out(path) - case.told(result.encoded.bad):
        code, _ = line.rsplit(": ", 1)
        assert f'"{code}"' in answers or f'"t{code}"' in answers  # Bitfinex has a letter before a ticker's code
        assert result.joined.prefixes.get(code, "").partition(" price=")[0] not in written


@pytest.mark.parametrize("path", case.folders("day_range.json"), ids=case.name)
def test_quote_volume_is_base_volume_at_a_price_of_the_day(path: Path) -> None:
    adapter = case.exchange(path)
    ranges = case.day_range(path)
    pairs = list(adapter.pairs(case.body(path / "pairs.json")))
    checked = set()
    for answer in case.answers(path, adapter, pairs):
        for quote in adapter.quotes(answer):
            if quote.code in ranges and quote.volume and quote.quote_volume:
                low, high = ranges[quote.code]
                assert low * (1 - SLACK) <= quote.quote_volume / quote.volume <= high * (1 + SLACK), quote.code
                assert low <= quote.price <= high, quote.code
                checked.add(quote.code)
    assert checked == set(ranges)


@pytest.mark.parametrize("path", case.folders("candles.json"), ids=case.name)
def test_candles_have_their_columns_and_units_right(path: Path) -> None:
    with (path / "expected.csv").open(newline="") as file:
        expected = [tuple(map(float, row)) for row in csv.reader(file)]
    found, bad = case.candles(path)
    rows = [
        (float(candle.time_s), candle.open, candle.high, candle.low, candle.close, candle.volume) for candle in found
    ]
    assert rows == expected
    assert case.told(bad) == case.left_out(path)


@pytest.mark.parametrize("path", case.folders("candles.json"), ids=case.name)
def test_a_candle_encloses_its_open_and_close(path: Path) -> None:
    for candle in case.candles(path)[0]:
        assert candle.low <= min(candle.open, candle.close)
        assert candle.high >= max(candle.open, candle.close)
        assert candle.time_s % 60 == 0
