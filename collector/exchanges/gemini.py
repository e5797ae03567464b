"""Gemini, spot. Prices of all pairs come in one answer, the 24 h volumes only pair by pair: they are asked in turn.

pubticker names no pair; its volume map names base and quote currency, which joined are the pair's code. At the
published limit the volumes of all pairs take some ten minutes; between two of them a pair has a price only.
symbols/details/all gives for all symbols what symbols/details/{symbol} documents for one; perpetuals are told by
product_type.
Candles: the newest 24 h at most, newest first, bare numbers, times in ms; a minute without a trade is there with
volume 0.
Shapes: https://docs.gemini.com/rest/market-data
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from collector.decode import Body, Changed
from collector.exchange import Candle, Declined, Exchange, History, Pair, Quote

OPEN = ("open", "limit_only", "post_only")


class Symbol(Struct):
    symbol: str
    base_currency: str
    quote_currency: str
    status: str
    product_type: str = "spot"


class Price(Struct):
    pair: str
    price: float


class Ticker(Struct):
    last: float
    volume: dict[str, float]


class Refusal(Struct):
    result: str = ""
    reason: str = ""
    message: str = ""


class Bar(Struct, array_like=True, gc=False):
    time_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class Gemini(Exchange, History):
    name = "gemini"
    base_url = "https://api.gemini.com"
    docs = "https://docs.gemini.com/rest/market-data"
    limit = "120 requests/min, 1/s recommended"
    details_per_minute = 40
    candles_per_call = 1440
    candle_depth = 1440
    candle_requests_per_minute = 60

    def pair_urls(self) -> Sequence[str]:
        return ["/v1/symbols/details/all"]

    def ticker_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        return ["/v1/pricefeed"]

    def detail_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        return [f"/v1/pubticker/{pair.code.lower()}" for pair in pairs]

    def pairs(self, body: Body) -> Iterator[Pair]:
        _refuse(body)
        for row in body.decode(list[Symbol]):
            if row.status in OPEN and row.product_type == "spot":
                yield Pair(row.symbol.upper(), row.base_currency, row.quote_currency)

    def quotes(self, body: Body) -> Iterator[Quote]:
        _refuse(body)
        if not body.raw.startswith(b"{"):
            for row in body.decode(list[Price]):
                yield Quote(row.pair.upper(), row.price)
            return
        ticker = body.decode(Ticker)
        codes = [code for code in ticker.volume if code != "timestamp"]
        if len(codes) != 2:
            raise Changed(f"a ticker's volume is of {codes}, not of base and quote currency")
        yield Quote("".join(codes), ticker.last, ticker.volume[codes[0]], ticker.volume[codes[1]])

    def candle_url(self, pair: Pair, start_s: int, end_s: int) -> str:
        return f"/v2/candles/{pair.code.lower()}/1m"

    def candles(self, body: Body) -> Iterator[Candle]:
        _refuse(body)
        for row in body.decode(list[Bar]):
            yield Candle(row.time_ms // 1000, row.open, row.high, row.low, row.close, row.volume)


def _refuse(body: Body) -> None:
    if body.raw.startswith(b"{"):
        refusal = body.decode(Refusal)
        if refusal.result == "error":
            raise Declined(f"{refusal.reason} {refusal.message}", limited=refusal.reason == "RateLimited")
