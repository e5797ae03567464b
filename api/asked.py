"""Parameters and members that several endpoints have in common: what they mean, and how they are looked up."""

import difflib
from typing import Annotated

from msgspec import Meta

from api import pair_name
from api.board import Board, Market, Series
from api.parameters import shown
from api.problems import Unknown

ALL = "all"

PairText = Annotated[
    str,
    Meta(
        description="base and quote currency: btcusd, btc-usd, BTC/USD (encoded) and BTC_USD are the same",
        examples=["btcusd"],
        extra_json_schema={"pattern": pair_name.PATTERN},
    ),
]
"""A pair as a parameter."""

Name = Annotated[str, Meta(min_length=1, max_length=64)]
"""An exchange or a currency as a parameter."""

PairName = Annotated[str, Meta(description="base and quote currency in lower case, joined", examples=["btcusd"])]
Base = Annotated[str, Meta(description="base currency", examples=["btc"])]
Quote = Annotated[str, Meta(description="quote currency, in which the price is", examples=["usd"])]
Exchange = Annotated[str, Meta(description="exchange that the figures are from", examples=["kraken"])]
Exchanges = Annotated[
    list[str], Meta(description="all exchanges that have the pair, the largest first", examples=[["kraken", "binance"]])
]
Price = Annotated[float, Meta(description="newest price, in quote currency", examples=[87012.5])]
Volume = Annotated[
    float | None, Meta(description="the exchange's rolling 24 h volume, in base currency", examples=[1204.25])
]
QuoteVolume = Annotated[
    float | None, Meta(description="the exchange's rolling 24 h volume, in quote currency", examples=[104784803.13])
]
Change = Annotated[
    float | None,
    Meta(description="price now against 24 h ago: 0.05 is 5 % up; null without a point near then", examples=[0.0123]),
]


def find_market(board: Board, text: str, unlisted: bool = False) -> Market:
    """The pair that the user means. Unknown: no such pair (names the nearest), or `unlisted` ones are not wanted."""
    known = board.unlisted if text.lower() in board.unlisted else board.markets
    name = pair_name.parse(text, known)
    market = board.markets.get(name)
    if market is not None:
        return market
    market = board.unlisted.get(name)
    if market is None:
        near = board.names.nearest(name)
        raise Unknown(f"no pair {name} is on the board" + (f"; near: {', '.join(near)}" if near else ""), near)
    if not unlisted:
        why = "has not moved for 24 h" if market.state == "frozen" else "has had no fresh quote lately"
        raise Unknown(f"{name} is neither listed nor ranked: it {why}")
    return market


def find_series(market: Market, exchange: str | None) -> Series:
    """The pair's series on an exchange, the main one for none. Unknown: names the exchanges that have it."""
    series = market.main if exchange is None else market.on(exchange.lower())
    if series is None:
        has = [series.exchange for series in market.series]
        raise Unknown(f"{market.pair} is not on {shown(exchange or '')}; accepted: {', '.join(has)}", has)
    return series


def find_exchange(board: Board, text: str) -> str:
    """The exchange's name. Unknown: names those that the board has."""
    name = text.lower()
    if name not in board.exchanges:
        near = difflib.get_close_matches(name, board.exchanges) or list(board.exchanges)
        raise Unknown(f"no exchange {shown(text)} is on the board; accepted: {', '.join(board.exchanges)}", near)
    return name
