"""Windows of candles and quotes: equal to a full scan, whichever buckets they are put together from."""

import itertools
import random
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import pytest

from api import chart, windows
from api.board import Series
from api.link import Link
from api.span import DAY_S, HOUR_S, MINUTE_S, WEEK_S, Span, floor
from api.telling import Telling
from api.window_rows import ROW_S
from api.zone import stretches, window_start, window_stop
from influx import flux, jobs, schema
from influx.client import Database
from influx.settings import Settings
from tests.api.candle_scan import EPOCH, Expected, Piece, Timed, expected
from tests.api.made_market import Key, MinuteCandle, Point, candle_lines, key, lines

UTC_ZONE = ZoneInfo("UTC")
DAYS = 6
NOW = datetime.fromtimestamp(floor(int(datetime.now().timestamp()), MINUTE_S), UTC_ZONE)
NOW_S = int(NOW.timestamp())


class Market(NamedTuple):
    """One series as the database has it."""

    tags: Key
    candles: list[MinuteCandle]
    quotes: list[Point]

    def between(self, start_s: int, stop_s: int, row_s: int) -> Piece:
        """What one bucket has of a stretch."""
        start, stop = (datetime.fromtimestamp(time_s, UTC_ZONE) for time_s in (start_s, stop_s))
        return Piece(_between(self.candles, start, stop), _between(self.quotes, start, stop), timedelta(seconds=row_s))

    def holes(self) -> Iterator[tuple[datetime, datetime]]:
        """The candles before and behind each long hole that neither begins nor ends with an hour, newest first."""
        for later, before in itertools.pairwise(reversed(self.candles)):
            whole = before.time.minute == 59 or later.time.minute == 0
            if later.time - before.time > timedelta(hours=1) and not whole:
                yield before.time, later.time


def _between(rows: Sequence[Timed], start: datetime, stop: datetime) -> Sequence[Timed]:
    first, end = (bisect_left(rows, time, key=lambda row: row.time) for time in (start, stop))
    return rows[first:end]


def traded(seed: str, days: float, share: float, step_s: int = 60) -> tuple[list[MinuteCandle], list[Point]]:
    """A market in which a share of the minutes has trades, and candles as an exchange that leaves out the others."""
    dice = random.Random(seed)
    price = 100.0
    candles, quotes = [], []
    start_s = NOW_S - int(days * DAY_S)
    for minute_s in range(start_s, NOW_S + MINUTE_S, MINUTE_S):
        time = datetime.fromtimestamp(minute_s, UTC_ZONE)
        before, has_trades = price, dice.random() < share
        ticks = range(minute_s, minute_s + MINUTE_S, step_s)
        for tick_s in ticks:
            quotes.append(Point(datetime.fromtimestamp(tick_s, UTC_ZONE), price, 5.0, None))
            price *= 1 + (dice.uniform(-0.001, 0.001) if has_trades else 0.0)
        if has_trades:
            high, low = max(before, price) * 1.002, min(before, price) * 0.998
            candles.append(MinuteCandle(time, before * 1.0001, high, low, price, dice.uniform(1, 9)))
    return candles[:-1], quotes


def with_quiet_minutes(candles: Sequence[MinuteCandle]) -> list[MinuteCandle]:
    """A flat candle of volume 0 for each minute that is left out, up to now."""
    traded_at = {candle.time: candle for candle in candles}
    found = [candles[0]]
    while (time := found[-1].time + timedelta(minutes=1)) < NOW:
        close = found[-1].close
        found.append(traded_at.get(time) or MinuteCandle(time, close, close, close, close, 0.0))
    return found


def is_watched(candle: MinuteCandle) -> bool:
    """Whether a series that comes on and off the watch list every 7 h and 50 min was on it."""
    return (candle.time - EPOCH) // timedelta(minutes=470) % 2 == 0


@pytest.fixture(scope="module")
def markets(influxd: Settings, operator: Database) -> dict[str, Market]:
    """Series of every kind, days of them, and their rollups as the tasks' own file makes them."""
    thin = traded("thin", DAYS, 0.3)
    busy = traded("busy", DAYS, 1.0)
    quick = traded("quick", 0.2, 0.5, step_s=20)
    patchy = traded("patchy", DAYS, 0.6)
    dice = random.Random("polls")
    found = {
        "thinusd": Market(key("thin", "usd", "kraken"), *thin),
        "quietusd": Market(key("quiet", "usd", "kraken"), with_quiet_minutes(thin[0]), thin[1]),
        "watchedusd": Market(key("watched", "usd", "kraken"), list(filter(is_watched, busy[0])), busy[1]),
        "unwatchedusd": Market(key("unwatched", "usd", "kraken"), [], busy[1]),
        "untoldusd": Market(key("untold", "usd", "kraken"), thin[0], []),
        "patchyusd": Market(
            key("patchy", "usd", "kraken"), patchy[0], [quote for quote in patchy[1] if dice.random() < 0.7]
        ),
        "quickusd": Market(key("quick", "usd", "kraken"), *quick),
    }
    for market in found.values():
        for body in (lines({market.tags: market.quotes}), candle_lines({market.tags: market.candles})):
            if body:
                operator.write("quotes", body)
    for bucket, every, count in ((schema.HOURLY, jobs.HOUR, DAYS * 24), (schema.DAILY, jobs.DAY, DAYS)):
        params = jobs.rollup_params(bucket.name, every, count)
        operator.query_csv(flux.source("tasks/rollup"), {"params": params}, NOW)
    return found


Read = Callable[..., dict[int, Telling]]


@pytest.fixture
def read(influxd: Settings) -> Read:
    """Reads windows of one of the series."""

    def found(market: Market, span: Span, interval_s: int = 60) -> dict[int, Telling]:
        settings = msgspec.structs.replace(influxd, interval=interval_s)
        return windows.read(Link(settings), Series(*market.tags), span, UTC_ZONE, NOW_S, settings)

    return found


def scanned(market: Market, span: Span, interval_s: int = 60) -> dict[int, Expected]:
    """The windows, each of the pieces that it is read in: bucket by bucket, and a week day by day."""
    step_s = DAY_S if span.every_s == WEEK_S else span.every_s
    found: dict[int, list[Piece]] = {}
    for part in chart.parts(span, NOW_S, step_s):
        for start_s in range(part.start_s, part.stop_s, step_s):
            piece = market.between(start_s, min(start_s + step_s, part.stop_s), ROW_S[part.bucket])
            if piece.candles or piece.quotes:
                found.setdefault(floor(start_s, span.every_s), []).append(piece)
    return {start_s: expected(pieces, interval_s) for start_s, pieces in found.items()}


def assert_equal(found: dict[int, Telling], wanted: dict[int, Expected]) -> None:
    """Each window is there and the same."""
    assert list(found) == list(wanted)
    for start_s, window in wanted.items():
        assert window.equals(found[start_s]), (found[start_s], window)
        assert found[start_s].covered_s == window.covered_s, start_s


def span_of(every_s: int, count: int) -> Span:
    """The last so many windows, the running one included."""
    return Span(floor(NOW_S, every_s) - (count - 1) * every_s, NOW_S + 1, every_s)


SPANS = [(5, 288), (5, 1500), (15, 500), (60, 6 * 24), (4 * 60, 6 * 6), (24 * 60, 7), (7 * 24 * 60, 2)]
PAIRS = ["thinusd", "quietusd", "watchedusd", "unwatchedusd", "untoldusd", "patchyusd"]


@pytest.mark.parametrize(("every_min", "count"), SPANS)
@pytest.mark.parametrize("pair", PAIRS)
def test_windows_equal_a_full_scan_from_whichever_buckets_they_are_read(
    markets: dict[str, Market], read: Read, pair: str, every_min: int, count: int
) -> None:
    span = span_of(every_min * MINUTE_S, count)
    assert_equal(read(markets[pair], span), scanned(markets[pair], span))


def test_ticks_of_seconds_are_counted_by_the_minutes_that_they_lie_in(markets: dict[str, Market], read: Read) -> None:
    span = span_of(15 * MINUTE_S, 12)
    assert_equal(read(markets["quickusd"], span, 20), scanned(markets["quickusd"], span, 20))


def test_a_thin_pair_keeps_what_its_candles_say(markets: dict[str, Market], read: Read) -> None:
    market = markets["thinusd"]
    span = span_of(HOUR_S, 12)
    for start_s, window in list(read(market, span).items())[:-1]:
        candles, quotes, _ = market.between(start_s, start_s + HOUR_S, MINUTE_S)
        assert len(candles) < len(quotes)
        assert window.source == "mixed"
        assert window.high >= max(candle.high for candle in candles) > max(quote.price for quote in quotes[1:])
        assert window.volume == pytest.approx(sum(candle.volume for candle in candles))


def test_a_thin_pair_whose_quiet_minutes_are_known_needs_no_quote(markets: dict[str, Market], read: Read) -> None:
    found = list(read(markets["quietusd"], span_of(HOUR_S, 12)).values())[:-1]
    assert {window.source for window in found} == {"candles"}


def test_where_candles_end_half_way_the_close_is_of_a_quote_and_the_volume_of_the_candles(
    markets: dict[str, Market], read: Read
) -> None:
    market = markets["watchedusd"]
    last, _ = next(market.holes())
    start_s = floor(int(last.timestamp()), HOUR_S)
    (window,) = read(market, Span(start_s, start_s + HOUR_S, HOUR_S)).values()
    candles, quotes, _ = market.between(start_s, start_s + HOUR_S, MINUTE_S)
    assert 0 < len(candles) < len(quotes) == 60
    assert (window.source, window.open, window.close) == ("mixed", candles[0].open, quotes[-1].price)
    assert window.volume == pytest.approx(sum(candle.volume for candle in candles))
    assert window.covered_s == HOUR_S


def test_where_candles_begin_half_way_the_open_is_of_a_quote(markets: dict[str, Market], read: Read) -> None:
    market = markets["watchedusd"]
    _, first = next(market.holes())
    start_s = floor(int(first.timestamp()), HOUR_S)
    (window,) = read(market, Span(start_s, start_s + HOUR_S, HOUR_S)).values()
    candles, quotes, _ = market.between(start_s, start_s + HOUR_S, MINUTE_S)
    assert (window.source, window.open, window.close) == ("mixed", quotes[0].price, candles[-1].close)


def last_turn(tz: ZoneInfo) -> int:
    """When the clock there was last put forward or back, more than two days ago."""
    *_, (start_s, _) = stretches(NOW_S - 300 * DAY_S, NOW_S - 2 * DAY_S, tz)
    return start_s


def test_the_window_in_which_the_clock_turns_is_put_together_of_both_sides(
    influxd: Settings, operator: Database
) -> None:
    tz = ZoneInfo("Europe/Rome")
    turn_s, every_s = last_turn(tz), 4 * HOUR_S
    start_s, stop_s = window_start(turn_s, every_s, tz), window_stop(window_start(turn_s, every_s, tz), every_s, tz)
    hours = range(start_s, stop_s, HOUR_S)
    tags = "base=turn,exchange=kraken,pair=turnusd,quote=usd"
    quoted = [
        f"quote,{tags} price_first={hour}.0,price_max={hour + 5}.0,price_min={hour - 5}.0,price_last={hour + 1}.0,"
        f"price_count=50.0 {hour}000000000"
        for hour in hours
    ]
    own = [
        f"candle,{tags} open={hour}.25,high={hour}.5,low={hour}.0,close={hour}.75,volume=2.0 {hour}000000000"
        for hour in hours[:-1]
    ]
    operator.write("hourly", "\n".join([*quoted, *own]).encode())
    series = Series("turn", "kraken", "turnusd", "usd")
    found = windows.read(Link(influxd), series, Span(start_s, stop_s, every_s), tz, NOW_S, influxd)
    first, last = hours[0], hours[-1]
    covered_s = len(own) * HOUR_S + 50 * MINUTE_S
    # The candles have every hour before the turn, so only what is behind it needs quotes.
    wanted = Telling("mixed", first + 0.25, last + 5.0, first, last + 1.0, 2.0 * len(own), covered_s)
    assert found == {start_s: wanted}


def test_only_a_window_that_candles_do_not_cover_is_looked_at_more_closely(
    influxd: Settings, markets: dict[str, Market]
) -> None:
    asked: list[str] = []
    link = Link(influxd, lambda name, *_: asked.append(name))
    span = Span(floor(NOW_S - 6 * HOUR_S, HOUR_S), floor(NOW_S - HOUR_S, HOUR_S), HOUR_S)
    told = (("quietusd", 1), ("unwatchedusd", 1), ("untoldusd", 1), ("thinusd", 2), ("patchyusd", 3))
    for pair, queries in told:
        asked.clear()
        windows.read(link, Series(*markets[pair].tags), span, UTC_ZONE, NOW_S, influxd)
        assert len(asked) == queries, pair
