"""KuCoin's pages: symbols with a leveraged token and a closed one, allTickers, candles with the close before the high.

Shapes: https://www.kucoin.com/docs-new/rest/spot-trading/market-data/get-all-symbols, get-all-tickers and get-klines
there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import json

from tests.exchange_simulator.market import Candle, Market, Ticker
from tests.exchange_simulator.wire import Asked, Candles, Page, Pairs, Refusal, Span, Tickers, Wire

MOST_CANDLES = 1500


class Kucoin(Wire):
    name = "kucoin"
    unknown_market = Refusal(200, b'{"code":"400100","msg":"This pair is not provided at present"}')
    declined = Refusal(
        200, b'{"code":"429000","msg":"Too many requests in a short period of time, please retry later"}'
    )
    remaining_header = "gw-ratelimit-remaining"
    weight_limit = 4000

    def pages(self) -> Mapping[str, Page]:
        return {
            "/api/v1/symbols": Pairs(self.symbols, weight=4),
            "/api/v2/symbols": Pairs(self.symbols, weight=4),
            "/api/v1/market/allTickers": Tickers(self.all_tickers, weight=15),
            "/api/v1/market/candles": Candles(self.span, self.candles, quiet=False, weight=3),
        }

    def codes(self, market: Market) -> Sequence[str]:
        return (f"{market.base}-{market.quote}".upper(),)

    def symbols(self, markets: Sequence[Market], asked: Asked) -> bytes:
        rows = [symbol(market.base.upper(), market.quote.upper()) for market in markets]
        if markets:
            rows += [symbol("BTC3L", "USDT", market="ETF"), symbol("ZEL", "BTC", enableTrading=False)]
        return answer(rows)

    def all_tickers(self, tickers: Sequence[Ticker], asked: Asked) -> bytes:
        rows = [self.ticker(ticker) for ticker in tickers]
        return answer({"time": int(asked.now_s * 1000), "ticker": rows})

    def ticker(self, ticker: Ticker) -> dict[str, str]:
        text = ticker.market.text
        code = self.codes(ticker.market)[0]
        return {
            "symbol": code,
            "symbolName": code,
            "buy": text(ticker.price),
            "sell": text(ticker.price),
            "changeRate": f"{ticker.price / ticker.open - 1:.4f}",
            "changePrice": text(ticker.price - ticker.open),
            "high": text(ticker.high),
            "low": text(ticker.low),
            "vol": f"{ticker.volume:.8f}",
            "volValue": f"{ticker.quote_volume:.8f}",
            "last": text(ticker.price),
            "averagePrice": text(ticker.vwap),
        }

    def span(self, asked: Asked) -> Span:
        """The newest 1500 candles from startAt on and before endAt."""
        end_s = min(asked.number("endAt", int(asked.now_s) + 1), int(asked.now_s) + 1)
        start_s = max(asked.number("startAt", 0), -(-end_s // 60) * 60 - MOST_CANDLES * 60)
        return Span(asked.text("symbol"), start_s, end_s)

    def candles(self, market: Market, candles: Sequence[Candle], asked: Asked) -> bytes:
        return answer([candle_row(market, candle) for candle in reversed(candles)])


def symbol(base: str, quote: str, **other: object) -> dict[str, Any]:
    return {
        "symbol": f"{base}-{quote}",
        "name": f"{base}-{quote}",
        "baseCurrency": base,
        "quoteCurrency": quote,
        "feeCurrency": quote,
        "market": "USDS",
        "isMarginEnabled": False,
        "enableTrading": True,
        **other,
    }


def candle_row(market: Market, candle: Candle) -> list[str]:
    prices = [market.text(price) for price in (candle.open, candle.close, candle.high, candle.low)]
    turnover = candle.volume * (candle.open + candle.close) / 2
    return [str(candle.time_s), *prices, f"{candle.volume:.8f}", f"{turnover:.8f}"]


def answer(data: object) -> bytes:
    return json.encode({"code": "200000", "data": data})
