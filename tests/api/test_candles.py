"""GET /pairs/{pair}/candles: from the exchange's candles and from quotes, on any clock, equal to a full scan."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.api.candle_scan import Expected, Piece, by_window, expected
from tests.api.conftest import MadeMarket
from tests.api.full_scan import close


def candles(client: httpx.Client, pair: str = "ltcusd", **asked: str) -> list[dict[str, Any]]:
    """The candles of an answer."""
    answer = client.get(f"/pairs/{pair}/candles", params=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["candles"]
    return found


def quarter(time: datetime) -> datetime:
    return time.replace(minute=time.minute // 15 * 15)


def four_hours(time: datetime) -> datetime:
    return time.replace(hour=time.hour // 4 * 4, minute=0)


def assert_is(found: dict[str, Any], window: Expected) -> None:
    """A candle of an answer is what the minutes come to."""
    shown = SimpleNamespace(**found)
    assert window.equals(shown), (found, window)


@pytest.mark.parametrize(
    ("every", "start_of", "sources"),
    [("15m", quarter, {"candles", "sampled"}), ("4h", four_hours, {"candles", "mixed"})],
)
def test_each_window_is_merged_from_candles_and_helped_by_quotes_where_these_lack(
    client: httpx.Client,
    market: MadeMarket,
    every: str,
    start_of: Callable[[datetime], datetime],
    sources: set[str],
) -> None:
    since = start_of(market.minute - timedelta(hours=24))
    own = by_window(next(iter(market.candles.values())), start_of)
    quoted = by_window(market.of("ltcusd"), start_of)
    found = candles(client, every=every, **{"from": since.isoformat()})
    starts = [datetime.fromisoformat(row["time"]) for row in found]
    assert starts == [start for start in quoted if start >= since]
    for start, row in zip(starts, found, strict=True):
        assert_is(row, expected([Piece(own.get(start, []), quoted[start])]))
    assert {row["source"] for row in found} >= sources


def test_the_window_that_is_not_over_is_marked(client: httpx.Client, market: MadeMarket) -> None:
    found = candles(client, every="1h")
    assert [row["partial"] for row in found[:-1]] == [False] * (len(found) - 1)
    assert found[-1]["partial"] is (market.minute.minute != 59)


def test_a_window_that_to_cuts_is_marked(client: httpx.Client, market: MadeMarket) -> None:
    stop = market.minute.replace(minute=30) - timedelta(hours=3)
    found = candles(client, every="1h", to=stop.isoformat(), **{"from": (stop - timedelta(hours=3)).isoformat()})
    assert [row["partial"] for row in found] == [False, False, False, True]


def test_coverage_says_how_much_of_a_window_there_is(client: httpx.Client, market: MadeMarket) -> None:
    found = candles(client, pair="newusd", every="1h")
    assert [row["coverage"] for row in found[1:]] == [1.0] * (len(found) - 1)
    minutes = 60 - market.of("newusd")[0].time.minute
    assert close(found[0]["coverage"], minutes / 60)


@pytest.mark.parametrize("tz", ["Europe/Rome", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"])
@pytest.mark.parametrize("every", ["1d", "4h"])
def test_days_and_hours_are_those_of_the_zone(client: httpx.Client, market: MadeMarket, tz: str, every: str) -> None:
    zone = ZoneInfo(tz)

    def start_of(time: datetime) -> datetime:
        local = time.astimezone(zone)
        return local.replace(hour=0 if every == "1d" else local.hour // 4 * 4, minute=0, fold=0)

    since = start_of(market.minute - timedelta(hours=20))
    own = by_window(next(iter(market.candles.values())), start_of)
    quoted = by_window([quote for quote in market.of("ltcusd") if quote.time >= since], start_of)
    found = candles(client, every=every, tz=tz, **{"from": since.isoformat()})
    assert [datetime.fromisoformat(row["time"]) for row in found] == list(quoted)
    for row in found:
        start = datetime.fromisoformat(row["time"])
        assert start.utcoffset() == zone.utcoffset(start.replace(tzinfo=None))
        there = start.astimezone(zone)
        assert_is(row, expected([Piece(own.get(there, []), quoted[there])]))


def test_the_answer_names_exchange_zone_and_length(client: httpx.Client) -> None:
    answer = client.get("/pairs/btcusd/candles?every=1h&tz=Europe/Rome&exchange=kraken").json()
    assert (answer["pair"], answer["exchange"], answer["tz"], answer["every_s"]) == (
        "btcusd",
        "kraken",
        "Europe/Rome",
        3600,
    )


def test_half_hours_from_utc_can_not_be_had_of_what_is_kept_by_hours(client: httpx.Client) -> None:
    answer = client.get("/pairs/ltcusd/candles?window=30d&every=1d&tz=Asia/Kolkata")
    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "Asia/Kolkata is no whole hours from UTC; accepted for it: the last 7 days",
    )
