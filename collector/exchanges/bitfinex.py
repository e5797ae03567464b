"""Bitfinex, spot. All tickers come in one answer: arrays of bare numbers, for trading (t...) and for funding (f...).

Derivatives (F0) have tickers too, but stand in a list of their own that is not asked for. A code has a colon when a
currency's has more than three letters. Bitfinex's own map of currency names comes with the list of pairs; `aliases`
has the names for a list without it. There is no quote volume: it is the volume times the middle of the day's low, high
and last price.
Candles: [time, open, CLOSE, HIGH, LOW, volume], newest first, times in ms; a minute without a trade is left out.
Shapes: https://docs.bitfinex.com/reference/rest-public-conf, rest-public-tickers and rest-public-candles there.
"""

from collections.abc import Iterator, Sequence
from math import nan
from typing import Generic, TypeVar

from msgspec import Struct

from collector.decode import Body
from collector.exchange import Candle, Declined, Exchange, History, Pair, Quote

Row = TypeVar("Row")

PAPER = {"AAA", "BBB", "TESTBTC", "TESTUSD", "TESTUSDT"}  # paper trading: https://support.bitfinex.com


class Lists(Struct, Generic[Row], array_like=True):
    pairs: list[Row]
    names: list[tuple[str, str]] = []


class Ticker(Struct, array_like=True):
    symbol: str
    bid: object
    bid_size: object
    ask: object
    ask_size: object
    change: object
    change_relative: object
    last: float | None
    volume: float | None
    high: float | None
    low: float | None


class Bar(Struct, array_like=True, gc=False):
    time_ms: int
    open: float
    close: float
    high: float
    low: float
    volume: float


class Bitfinex(Exchange, History):
    name = "bitfinex"
    base_url = "https://api-pub.bitfinex.com"
    docs = "https://docs.bitfinex.com/reference"
    limit = "90 requests/min for lists, 30 for tickers, 30 for candles"
    aliases = {
        "ALG": "ALGO", "AMP": "AMPL", "ATO": "ATOM", "BCHABC": "XEC", "BCHN": "BCH", "DAT": "DATA", "DOG": "MDOGE",
        "DSH": "DASH", "EUS": "EURS", "EUT": "EURT", "IOT": "IOTA", "LUNA": "LUNC", "LUNA2": "LUNA", "MNA": "MANA",
        "QSH": "QASH", "QTM": "QTUM", "RBT": "RBTC", "SNG": "SNGLS", "STJ": "STORJ", "TERRAUST": "USTC", "TSD": "TUSD",
        "UDC": "USDC", "USK": "USDK", "UST": "USDT", "VSY": "VSYS", "WAX": "WAXP", "WBT": "WBTC", "XCH": "XCHF",
        "YYW": "YOYOW",
    }  # fmt: skip
    quote_volume = "24 h volume x (low + high + last) / 3"
    candles_per_call = 10_000
    candle_requests_per_minute = 30

    def pair_urls(self) -> Sequence[str]:
        return ["/v2/conf/pub:list:pair:exchange,pub:map:currency:sym"]

    def ticker_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        return ["/v2/tickers?symbols=ALL"]

    def pairs(self, body: Body) -> Iterator[Pair]:
        _refuse(body)
        lists = body.decode(Lists[str])
        names = {code: name.upper() for code, name in lists.names}
        for code in lists.pairs:
            base, _, quote = code.partition(":") if ":" in code else (code[:3], "", code[3:])
            if base not in PAPER and quote not in PAPER:
                yield Pair(code, names.get(base, base), names.get(quote, quote))

    def quotes(self, body: Body) -> Iterator[Quote]:
        _refuse(body)
        for row in body.decode(list[Ticker]):
            if row.symbol.startswith("t"):
                last, volume = nan if row.last is None else row.last, row.volume
                in_quote = None
                if volume is not None and row.low is not None and row.high is not None:
                    in_quote = volume * (row.low + row.high + last) / 3
                yield Quote(row.symbol[1:], last, volume, in_quote)

    def candle_url(self, pair: Pair, start_s: int, end_s: int) -> str:
        span = f"start={start_s * 1000}&end={end_s * 1000 - 1}"
        return f"/v2/candles/trade:1m:t{pair.code}/hist?limit=10000&{span}"

    def candles(self, body: Body) -> Iterator[Candle]:
        _refuse(body)
        for row in body.decode(list[Bar]):
            yield Candle(row.time_ms // 1000, row.open, row.high, row.low, row.close, row.volume)


def _refuse(body: Body) -> None:
    """An error is an array too: ["error", 11010, "ratelimit: error"]."""
    if body.raw.startswith(b'["error"'):
        _, code, message = body.decode(tuple[str, int, str])
        raise Declined(f"{code} {message}", limited="ratelimit" in message)
