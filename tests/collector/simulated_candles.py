"""What the simulator's own candles say, asked past the collector, and the calls for candles that it got."""

import requests

from collector.decode import Body
from collector.exchanges import native
from collector.lines import Market, join
from collector.minutes import MINUTE_S, Span
from tests.exchange_simulator.journal import Request
from tests.exchange_simulator.running import Running


def closes(market: Running, exchange: str, code: str, span: Span) -> dict[int, float]:
    """What the exchange's own candles say, by minute."""
    url = market.exchange_url(exchange)
    if exchange == "kraken":
        answer = requests.get(f"{url}/0/public/OHLC?pair={code}&since={span.start_s - 60}", timeout=30)
        rows = next(rows for rows in answer.json()["result"].values() if isinstance(rows, list))
        return {row[0]: float(row[4]) for row in rows if row[0] in span}
    found: dict[int, float] = {}
    for start_s in range(span.start_s, span.end_s, 1000 * MINUTE_S):
        asked = f"symbol={code}&interval=1m&limit=1000&startTime={start_s * 1000}&endTime={span.end_s * 1000 - 1}"
        answer = requests.get(f"{url}/api/v3/klines?{asked}", timeout=30)
        found |= {row[0] // 1000: float(row[4]) for row in answer.json()}
    return found


def codes(market: Running, exchange: str = "binance") -> dict[str, Market]:
    """The exchange's markets by code."""
    adapter = native()[exchange]()
    (path,) = adapter.pair_urls()
    body = Body(requests.get(market.exchange_url(exchange) + path, timeout=30).content)
    return join(exchange, adapter.aliases, adapter.pairs(body)).markets


def candle_calls(market: Running, since_s: float) -> list[Request]:
    """The calls for candles, oldest first."""
    calls = [one for one in market.requests(since_s) if "/klines" in one.path or "/OHLC" in one.path]
    return sorted(calls, key=lambda one: one.at)
