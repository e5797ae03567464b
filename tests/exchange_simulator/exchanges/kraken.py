"""Kraken's pages: AssetPairs with its dark pools, Ticker under the X and Z names, OHLC of the newest 720 candles.

Shapes: https://docs.kraken.com/api/docs/rest-api/get-tradable-asset-pairs, get-ticker-information, get-ohlc-data.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import json

from tests.exchange_simulator.market import Candle, Market, Ticker
from tests.exchange_simulator.wire import Asked, Candles, Page, Pairs, Refusal, Span, Stated, Tickers, Wire

ALTERNATIVE = {"btc": "XBT", "doge": "XDG"}
# Kraken's oldest assets have a prefix, X for coins and Z for currencies, and pairs of two such are named by both.
PREFIXED = {"btc": "X", "ltc": "X", "doge": "X", "eth": "X", "etc": "X", "xlm": "X", "xrp": "X", "usd": "Z", "eur": "Z"}
LISTED_LATER = ("DOGEUSD", "DOGEEUR")  # are XDGUSD and XDGEUR, although both assets have a prefix
MOST_CANDLES = 720


def altname(currency: str) -> str:
    return ALTERNATIVE.get(currency, currency.upper())


def asset(currency: str) -> str:
    return PREFIXED.get(currency, "") + altname(currency)


class Kraken(Wire):
    name = "kraken"
    unknown_market = Refusal(200, b'{"error":["EQuery:Unknown asset pair"]}')
    declined = Refusal(200, b'{"error":["EAPI:Rate limit exceeded"]}')

    def pages(self) -> Mapping[str, Page]:
        return {
            "/0/public/AssetPairs": Pairs(self.asset_pairs),
            "/0/public/Ticker": Tickers(self.tickers, codes=self.asked_pairs, stated=self.stated),
            "/0/public/OHLC": Candles(self.span, self.ohlc),
        }

    def codes(self, market: Market) -> Sequence[str]:
        short = altname(market.base) + altname(market.quote)
        both = market.base in PREFIXED and market.quote in PREFIXED
        if both and market.pair.upper() not in LISTED_LATER:
            return (asset(market.base) + asset(market.quote), short)
        return (short,)

    def asset_pairs(self, markets: Sequence[Market], asked: Asked) -> bytes:
        result: dict[str, Any] = {}
        for market in markets:
            code, *_ = self.codes(market)
            result[code] = self.asset_pair(market)
            if market.base in PREFIXED:
                result[f"{code}.d"] = self.dark_pool(market)
        return answer(result)

    def asset_pair(self, market: Market) -> dict[str, Any]:
        return {
            "altname": self.codes(market)[-1],
            "wsname": f"{altname(market.base)}/{altname(market.quote)}",
            "aclass_base": "currency",
            "base": asset(market.base),
            "aclass_quote": "currency",
            "quote": asset(market.quote),
            "lot": "unit",
            "pair_decimals": market.decimals,
            "lot_decimals": 8,
            "fees": [[0, 0.4], [10_000, 0.35]],
            "ordermin": "0.1",
            "status": "online",
        }

    def dark_pool(self, market: Market) -> dict[str, Any]:
        """The market for large hidden orders: listed beside the open one, without a wsname and without a ticker."""
        pair = self.asset_pair(market)
        del pair["wsname"]
        return {**pair, "altname": f"{pair['altname']}.d"}

    def asked_pairs(self, asked: Asked) -> Sequence[str] | None:
        return asked.text("pair").split(",") if asked.text("pair") else None

    def tickers(self, tickers: Sequence[Ticker], asked: Asked) -> bytes:
        return answer({self.codes(ticker.market)[0]: self.ticker(ticker) for ticker in tickers})

    def ticker(self, ticker: Ticker) -> dict[str, Any]:
        text = ticker.market.text
        price, volume, vwap = text(ticker.price), f"{ticker.volume:.8f}", text(ticker.vwap)
        today = f"{ticker.volume * (ticker.at_s % 86_400) / 86_400:.8f}"
        high, low = text(ticker.high), text(ticker.low)
        return {
            "a": [price, "1", "1.000"],
            "b": [price, "1", "1.000"],
            "c": [price, "0.10000000"],
            "v": [today, volume],
            "p": [vwap, vwap],
            "t": [1000, 2000],
            "l": [low, low],
            "h": [high, high],
            "o": text(ticker.open),
        }

    def stated(self, ticker: Ticker) -> Stated:
        """There is no quote volume on the page; its reader multiplies the volume by the day's average price."""
        return Stated(ticker.volume, ticker.volume * ticker.vwap)

    def span(self, asked: Asked) -> Span:
        """Never more than the newest 720 candles, however old `since` is."""
        step_s = asked.number("interval", 1) * 60
        end_s = int(asked.now_s) + 1
        running_s = int(asked.now_s) // step_s * step_s
        start_s = max(asked.number("since", 0) + 1, running_s - MOST_CANDLES * step_s)
        return Span(asked.text("pair"), start_s, end_s, step_s)

    def ohlc(self, market: Market, candles: Sequence[Candle], asked: Asked) -> bytes:
        rows = [self.candle(market, candle) for candle in candles]
        last = candles[-2].time_s if len(candles) > 1 else asked.number("since", 0)
        return answer({self.codes(market)[0]: rows, "last": last})

    def candle(self, market: Market, candle: Candle) -> list[int | str]:
        text = market.text
        vwap = text((candle.open + candle.close) / 2) if candle.volume else "0.0"
        return [
            candle.time_s,
            text(candle.open),
            text(candle.high),
            text(candle.low),
            text(candle.close),
            vwap,
            f"{candle.volume:.8f}",
            10 if candle.volume else 0,
        ]


def answer(result: dict[str, Any]) -> bytes:
    return json.encode({"error": [], "result": result})
