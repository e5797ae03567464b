"""GET /pairs/{pair}/candles: from the exchange's candles and from quotes, on any clock, equal to a full scan."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.api.conftest import MadeMarket
from tests.api.full_scan import close
from tests.api.made_market import MinuteCandle, Point

Windows = dict[datetime, list[Any]]


def candles(client: httpx.Client, pair: str = "ltcusd", **asked: str) -> list[dict[str, Any]]:
    """The candles of an answer."""
    answer = client.get(f"/pairs/{pair}/candles", params=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["candles"]
    return found


def windows(rows: list[Any], start_of: Callable[[datetime], datetime], since: datetime) -> Windows:
    """Rows by the start of their window."""
    found: Windows = {}
    for row in rows:
        if row.time >= since:
            found.setdefault(start_of(row.time), []).append(row)
    return found


def quarter(time: datetime) -> datetime:
    return time.replace(minute=time.minute // 15 * 15)


def is_of_candles(found: dict[str, Any], rows: list[MinuteCandle]) -> bool:
    """Whether a candle is what these minutes come to."""
    return (
        found["source"] == "candles"
        and [found["open"], found["close"]] == [rows[0].open, rows[-1].close]
        and [found["high"], found["low"]] == [max(row.high for row in rows), min(row.low for row in rows)]
        and close(found["volume"], sum(row.volume for row in rows))
    )


def is_of_quotes(found: dict[str, Any], rows: list[Point]) -> bool:
    """Whether a candle is what these quotes come to."""
    prices = [row.price for row in rows]
    figures = [found[name] for name in ("open", "high", "low", "close", "volume")]
    return found["source"] == "quotes" and figures == [prices[0], max(prices), min(prices), prices[-1], None]


def test_each_window_is_of_candles_where_these_cover_it_and_else_of_quotes(
    client: httpx.Client, market: MadeMarket
) -> None:
    since = quarter(market.minute) - timedelta(hours=24)
    own = windows(next(iter(market.candles.values())), quarter, since)
    quoted = windows(market.of("ltcusd"), quarter, since)
    found = {
        datetime.fromisoformat(row["time"]): row for row in candles(client, every="15m", **{"from": since.isoformat()})
    }
    assert set(found) == set(quoted)
    for start, row in found.items():
        of_candles = len(own.get(start, [])) == len(quoted[start])
        assert is_of_candles(row, own[start]) if of_candles else is_of_quotes(row, quoted[start]), start
    assert {row["source"] for row in found.values()} == {"candles", "quotes"}


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
    quoted = windows(market.of("dogeusd"), start_of, since)
    found = candles(client, pair="dogeusd", every=every, tz=tz, **{"from": since.isoformat()})
    assert [datetime.fromisoformat(row["time"]) for row in found] == list(quoted)
    for row in found:
        start = datetime.fromisoformat(row["time"])
        assert start.utcoffset() == zone.utcoffset(start.replace(tzinfo=None))
        assert is_of_quotes(row, quoted[start.astimezone(zone)]), start


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
