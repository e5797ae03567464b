"""Bitfinex's pages: the list of pairs with its map of names, tickers with funding and derivatives, candles.

Shapes: https://docs.bitfinex.com/reference/rest-public-conf, rest-public-tickers and rest-public-candles there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import json

from tests.exchange_simulator.market import Candle, Market, Ticker
from tests.exchange_simulator.wire import Asked, Candles, Page, Pairs, Refusal, Span, Stated, Tickers, Wire

OWN = {"usdt": "UST", "algo": "ALG", "mana": "MNA"}
NAMES = [["UST", "USDt"], ["ALG", "ALGO"], ["MNA", "MANA"], ["BTCF0", "BTC"], ["USTF0", "USDt"]]
MOST_CANDLES = 10_000
FUNDING = ["fUSD", 0.00044, 0.0002, 30, 2253563, 0.0002, 2, 415829, 3.2e-06, 0.01, 0.0002, 1038142, 0.0003, 6e-07, None]


class Bitfinex(Wire):
    name = "bitfinex"
    unknown_market = Refusal(500, b'["error",10020,"symbol: invalid"]')
    declined = Refusal(200, b'["error",11010,"ratelimit: error"]')

    def pages(self) -> Mapping[str, Page]:
        return {
            "/v2/conf/{keys}": Pairs(self.conf),
            "/v2/tickers": Tickers(self.tickers, stated=self.stated),
            "/v2/candles/{key}/hist": Candles(self.span, self.candles, quiet=False),
        }

    def codes(self, market: Market) -> Sequence[str]:
        base, quote = (OWN.get(name, name.upper()) for name in (market.base, market.quote))
        return (base + (":" if len(base + quote) > 6 else "") + quote,)

    def conf(self, markets: Sequence[Market], asked: Asked) -> bytes:
        pairs = [self.codes(market)[0] for market in markets]
        lists: dict[str, list[Any]] = {
            "pub:list:pair:exchange": [*pairs, "AAABBB", "TESTBTC:TESTUSD"] if pairs else [],
            "pub:map:currency:sym": NAMES,
        }
        return json.encode([lists.get(key, []) for key in asked.text("keys").split(",")])

    def tickers(self, tickers: Sequence[Ticker], asked: Asked) -> bytes:
        rows: list[list[Any]] = [self.ticker(ticker) for ticker in tickers]
        if rows:
            rows += [["tBTCF0:USTF0", *rows[0][1:]], FUNDING]
        return json.encode(rows)

    def ticker(self, ticker: Ticker) -> list[Any]:
        price = ticker.price
        change = [price - ticker.open, price / ticker.open - 1]
        figures = [price, ticker.volume, ticker.high, ticker.low]
        return [f"t{self.codes(ticker.market)[0]}", price, 1.5, price, 2.5, *change, *figures]

    def stated(self, ticker: Ticker) -> Stated:
        """There is no quote volume on the page; its reader takes the middle of the day's prices."""
        return Stated(ticker.volume, ticker.volume * (ticker.low + ticker.high + ticker.price) / 3)

    def span(self, asked: Asked) -> Span:
        """The newest `limit` candles from `start` to `end`, both included; the key is trade:1m:tBTCUSD."""
        _, _, symbol = asked.text("key").split(":", 2)
        end_s = min(asked.number("end", int(asked.now_s * 1000)) // 1000, int(asked.now_s)) // 60 * 60 + 60
        reach_s = min(asked.number("limit", 100), MOST_CANDLES) * 60
        start_s = max(-(-asked.number("start", 0) // 1000), end_s - reach_s)
        return Span(symbol.removeprefix("t"), start_s, end_s)

    def candles(self, market: Market, candles: Sequence[Candle], asked: Asked) -> bytes:
        return json.encode(
            [[one.time_s * 1000, one.open, one.close, one.high, one.low, one.volume] for one in reversed(candles)]
        )
