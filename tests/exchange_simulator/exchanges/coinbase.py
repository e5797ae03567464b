"""Coinbase Exchange's pages: products with delisted ones, products/stats, candles with the low before the high.

Shapes: https://docs.cdp.coinbase.com/api-reference/exchange-api/rest-api/products/get-all-known-trading-pairs,
get-product-stats and get-product-candles there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import json

from tests.exchange_simulator.market import Candle, Market, Ticker
from tests.exchange_simulator.wire import Asked, Candles, Page, Pairs, Refusal, Span, Stated, Tickers, Wire

MOST_CANDLES = 300


class Coinbase(Wire):
    name = "coinbase"
    unknown_market = Refusal(404, b'{"message":"NotFound"}')
    declined = Refusal(429, b'{"message":"Public rate limit exceeded"}')

    def pages(self) -> Mapping[str, Page]:
        return {
            "/products": Pairs(self.products),
            "/products/stats": Tickers(self.stats, stated=self.stated),
            "/products/{id}/candles": Candles(self.span, self.candles, quiet=False),
        }

    def codes(self, market: Market) -> Sequence[str]:
        return (f"{market.base}-{market.quote}".upper(),)

    def products(self, markets: Sequence[Market], asked: Asked) -> bytes:
        rows = [product(market.base.upper(), market.quote.upper()) for market in markets]
        if markets:
            rows += [product("DAI", "GBP", status="delisted", trading_disabled=True)]
            rows += [{**product("BTC", "USD", cancel_only=True), "id": "BTCAUCTION-USD"}]
        return json.encode(rows)

    def stats(self, tickers: Sequence[Ticker], asked: Asked) -> bytes:
        return json.encode({self.codes(ticker.market)[0]: stats_row(ticker) for ticker in tickers})

    def stated(self, ticker: Ticker) -> Stated:
        """There is no quote volume on the page; its reader takes the middle of the day's prices."""
        return Stated(ticker.volume, ticker.volume * (ticker.low + ticker.high + ticker.price) / 3)

    def span(self, asked: Asked) -> Span:
        step_s = asked.number("granularity", 60)
        end_s = min(asked.number("end", int(asked.now_s)), int(asked.now_s)) // step_s * step_s + step_s
        start_s = max(asked.number("start", 0), end_s - MOST_CANDLES * step_s)
        return Span(asked.text("id"), start_s, end_s, step_s)

    def candles(self, market: Market, candles: Sequence[Candle], asked: Asked) -> bytes:
        return json.encode(
            [[one.time_s, one.low, one.high, one.open, one.close, one.volume] for one in reversed(candles)]
        )


def product(base: str, quote: str, **flags: object) -> dict[str, Any]:
    return {
        "id": f"{base}-{quote}",
        "base_currency": base,
        "quote_currency": quote,
        "display_name": f"{base}-{quote}",
        "post_only": False,
        "limit_only": False,
        "cancel_only": False,
        "status": "online",
        "status_message": "",
        "trading_disabled": False,
        "fx_stablecoin": False,
        "auction_mode": False,
        **flags,
    }


def stats_row(ticker: Ticker) -> dict[str, Any]:
    text = ticker.market.text
    day = {
        "open": text(ticker.open),
        "high": text(ticker.high),
        "low": text(ticker.low),
        "last": text(ticker.price),
        "volume": f"{ticker.volume:.8f}",
        "rfq_volume": "0",
    }
    return {"stats_30day": {"volume": f"{ticker.volume * 30:.8f}", "rfq_volume": "0"}, "stats_24hour": day}
