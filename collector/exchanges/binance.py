"""Binance, spot. All tickers come in one answer; prices and volumes are strings, times bare numbers.

Shapes: https://developers.binance.com/docs/binance-spot-api-docs/rest-api/market-data-endpoints and
general-endpoints there.
"""

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from collector.decode import Body
from collector.exchange import Exchange, Pair, Quote

Row = TypeVar("Row")


class ExchangeInfo(Struct, Generic[Row]):
    symbols: list[Row]


class Symbol(Struct, rename="camel"):
    symbol: str
    status: str
    base_asset: str
    quote_asset: str
    is_spot_trading_allowed: bool = True


class Ticker(Struct, rename="camel"):
    symbol: str
    last_price: float
    volume: float
    quote_volume: float


class Binance(Exchange):
    name = "binance"
    base_url = "https://data-api.binance.vision"  # public market data, answered in every country
    docs = "https://developers.binance.com/docs/binance-spot-api-docs/rest-api"
    limit = "6000 weight/min; exchangeInfo 20, ticker/24hr of all symbols 80"

    def pair_urls(self) -> Sequence[str]:
        return ["/api/v3/exchangeInfo"]

    def ticker_urls(self, pairs: Sequence[Pair]) -> Sequence[str]:
        return ["/api/v3/ticker/24hr"]

    def pairs(self, body: Body) -> Iterator[Pair]:
        for row in body.decode(ExchangeInfo[Symbol]).symbols:
            if row.status == "TRADING" and row.is_spot_trading_allowed:
                yield Pair(row.symbol, row.base_asset, row.quote_asset)

    def quotes(self, body: Body) -> Iterator[Quote]:
        for row in body.decode(list[Ticker]):
            yield Quote(row.symbol, row.last_price, row.volume, row.quote_volume)
