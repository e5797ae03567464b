"""An exchange's candles for tests: Binance's answers made from a table, behind `responses`; every call is noted."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, urlsplit

import responses
from msgspec import Struct, field, json
from requests import PreparedRequest

from collector.candle_source import Candled, CandleSource
from collector.exchange import Candle, Pair
from collector.exchanges.binance import Binance
from collector.fetch import Fetcher
from collector.heal import Series
from collector.lines import Market
from collector.minutes import Span
from collector.pace import Pace
from collector.polls_first import PollsFirst
from collector.sink import Sink
from collector.spool import SpoolError
from collector.standing import Standing

URL = "https://candles.example"
FAST = 60_000  # calls a minute


class Exchange(Struct):
    """What the exchange has: by its code, candles by minute. `refusals` are answered first, one a call."""

    candles: dict[str, dict[int, Candle]]
    refusals: list[tuple[int, dict[str, str], str]] = []
    calls: list[tuple[str, Span]] = field(default_factory=list)

    def answer(self, request: PreparedRequest) -> tuple[int, Mapping[str, str], bytes | str]:
        query = {name: values[0] for name, values in parse_qs(urlsplit(request.url or "").query).items()}
        code, span = query["symbol"], Span(int(query["startTime"]) // 1000, (int(query["endTime"]) + 1) // 1000)
        self.calls.append((code, span))
        if self.refusals:
            return self.refusals.pop(0)
        known = self.candles.get(code, {})
        rows = [known[minute] for minute in span if minute in known]
        return 200, {}, json.encode([_kline(candle) for candle in rows])


def _kline(candle: Candle) -> list[int | str]:
    prices = [str(price) for price in (candle.open, candle.high, candle.low, candle.close, candle.volume)]
    return [candle.time_s * 1000, *prices, candle.time_s * 1000 + 59_999, "0", 1, "0", "0", "0"]


@contextmanager
def answering(exchange: Exchange) -> Iterator[None]:
    """The exchange answers while the block runs."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as web:
        web.add_callback(responses.GET, f"{URL}/api/v3/klines", exchange.answer)
        yield


class Kept:
    """A sink that keeps lines in memory; `full` times it has no room."""

    def __init__(self, full: int = 0) -> None:
        self.lines: list[str] = []
        self.full = full

    def append(self, lines: bytes, bucket: str) -> None:
        if self.full:
            self.full -= 1
            raise SpoolError("no room")
        self.lines += lines.decode().splitlines()


def adapter(name: str, depth: int | None = None, per_call: int = 1000) -> Candled:
    """Binance under a name of the test's own, and with the depth and limit that the test wants."""
    made = type("Made", (Binance,), {"name": name, "candle_depth": depth, "candles_per_call": per_call})
    return cast(Candled, made())


def source(
    exchange: Candled,
    folder: Path,
    sink: Sink,
    per_minute: float = FAST,
    polls: PollsFirst | None = None,
) -> CandleSource:
    standing = Standing(exchange.name, folder / "state.json", sink)
    pace = Pace(folder / "pace", per_minute)
    return CandleSource(exchange, Fetcher(URL), standing, pace, polls or PollsFirst(60, 0))


def series(base: str, quote: str = "usd") -> Series:
    return Series(Pair((base + quote).upper(), base.upper(), quote.upper()), Market(base + quote, base, quote))


def candle(minute: int, close: float, volume: float = 1.0) -> Candle:
    """A candle of a minute by its start."""
    return Candle(minute, close, close + 1, close - 1, close, volume)
