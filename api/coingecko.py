"""GET /api/v3/…: prices and markets in CoinGecko's shape, so that what was written for it works here.

A coin's id is its currency code in lower case (btc, not bitcoin). What we do not know (market capitalisation, images)
is null. Shapes: https://docs.coingecko.com/v3.0.1/reference/introduction
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from api import chart, coins
from api.asked import Name
from api.board import Board
from api.coins import Coin
from api.endpoint import NOTHING_KEPT, Endpoint
from api.parameters import shown
from api.prices import NAMES_PATTERN, names, rounded
from api.problems import Unknown
from api.service import Service
from api.span import DAY_S, MINUTE_S, Span, ceil, finest_s, shortest_fitting

Currency = Annotated[str, Meta(description="currency of the prices", min_length=1, max_length=64, examples=["usd"])]
Codes = Annotated[
    str | None,
    Meta(
        description="comma-separated coins: currency codes in lower case",
        examples=["btc,eth"],
        extra_json_schema={"pattern": NAMES_PATTERN},
    ),
]
Precision = Annotated[
    str,
    Meta(
        description="decimal places from 0 to 18, below 1 significant digits; full: all",
        pattern="^(full|[0-9]|1[0-8])$",
        examples=["full"],
    ),
]
Ignored = Annotated[bool, Meta(description="taken for compatibility; changes nothing", examples=[False])]


class NothingAsked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """No parameters."""


class Pong(Struct, frozen=True):
    """The service answers."""

    gecko_says: Annotated[str, Meta(examples=["coinwatch, in the shape of V3"])]


SimplePrices = Annotated[
    dict[str, dict[str, float | None]],
    Meta(examples=[{"btc": {"usd": 87012.5, "usd_24h_change": 1.23, "last_updated_at": 1795521600}}]),
]
Currencies = Annotated[list[str], Meta(examples=[["btc", "eur", "usd"]])]


class PriceAsked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which coins, in which currencies, and what beside the price."""

    vs_currencies: Annotated[
        str,
        Meta(
            description="comma-separated currencies",
            examples=["usd,eur"],
            extra_json_schema={"pattern": NAMES_PATTERN},
        ),
    ]
    ids: Codes = None
    symbols: Codes = None
    include_market_cap: Ignored = False
    include_24hr_vol: Annotated[bool, Meta(description="with the 24 h volume", examples=[True])] = False
    include_24hr_change: Annotated[bool, Meta(description="with the 24 h change in percent", examples=[True])] = False
    include_last_updated_at: Annotated[bool, Meta(description="with the time, Unix seconds", examples=[True])] = False
    precision: Precision = "full"


class Listed(Struct, frozen=True):
    """A coin in the list."""

    id: Annotated[str, Meta(examples=["btc"])]
    symbol: Annotated[str, Meta(examples=["btc"])]
    name: Annotated[str, Meta(examples=["BTC"])]


class MarketsAsked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which coins, in which currency and order."""

    vs_currency: Currency
    ids: Codes = None
    symbols: Codes = None
    order: Annotated[
        Literal["market_cap_desc", "market_cap_asc", "volume_desc", "volume_asc", "id_asc", "id_desc"],
        Meta(description="market_cap is not known: volume stands in for it", examples=["volume_desc"]),
    ] = "market_cap_desc"
    per_page: Annotated[int, Meta(description="rows a page", ge=1, le=250, examples=[100])] = 100
    page: Annotated[int, Meta(description="which page, from 1", ge=1, le=1_000_000, examples=[1])] = 1
    sparkline: Ignored = False
    price_change_percentage: Annotated[
        Literal["24h"] | None, Meta(description="24h: the change once more, under that name", examples=["24h"])
    ] = None
    locale: Annotated[Literal["en"], Meta(description="taken for compatibility", examples=["en"])] = "en"
    precision: Precision = "full"


class CoinRow(Struct, frozen=True):
    """A coin in the markets' list."""

    id: Annotated[str, Meta(examples=["btc"])]
    symbol: Annotated[str, Meta(examples=["btc"])]
    name: Annotated[str, Meta(examples=["BTC"])]
    current_price: Annotated[float, Meta(examples=[87012.5])]
    total_volume: Annotated[float, Meta(description="24 h, over all pairs and exchanges", examples=[812004112.5])]
    high_24h: Annotated[float | None, Meta(examples=[88120.5])]
    low_24h: Annotated[float | None, Meta(examples=[85500.0])]
    price_change_24h: Annotated[float | None, Meta(examples=[1055.4])]
    price_change_percentage_24h: Annotated[float | None, Meta(examples=[1.23])]
    last_updated: Annotated[datetime, Meta(examples=["2026-11-24T12:00:00Z"])]
    price_change_percentage_24h_in_currency: Annotated[float | None, Meta(examples=[None])] = None
    image: None = None
    market_cap: None = None
    market_cap_rank: None = None
    fully_diluted_valuation: None = None
    circulating_supply: None = None
    total_supply: None = None
    max_supply: None = None
    ath: None = None
    atl: None = None
    roi: None = None


class ChartAsked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which coin, in which currency, over how many days."""

    id: Annotated[Name, Meta(description="currency code in lower case", examples=["btc"])]
    vs_currency: Currency
    days: Annotated[int, Meta(description="up to the board's minute", ge=1, le=3650, examples=[1])] = 1


TimeAndValue = Annotated[list[int | float], Meta(min_length=2, max_length=2)]


class MarketChart(Struct, frozen=True):
    """A coin over time: rows of a Unix time in milliseconds and a value."""

    prices: Annotated[list[TimeAndValue], Meta(examples=[[[1795521600000, 87012.5]]])]
    market_caps: Annotated[list[TimeAndValue], Meta(examples=[[]])]
    total_volumes: Annotated[list[TimeAndValue], Meta(examples=[[[1795521600000, 104784803.13]]])]


def ping(service: Service, asked: NothingAsked) -> Pong:
    """Tell in CoinGecko's shape that the service answers."""
    return Pong("coinwatch, in the shape of V3")


def simple_price(service: Service, asked: PriceAsked) -> SimplePrices:
    """Give coins' prices in CoinGecko's shape."""
    board = service.shelf.require_board()
    currencies = names("vs_currencies", asked.vs_currencies)
    known = {currency: coins.coins(board, currency) for currency in currencies}
    found: SimplePrices = {}
    for code in _codes(board, asked.ids, asked.symbols, coins.codes(board)):
        figures: dict[str, float | None] = {}
        for currency in currencies:
            coin = known[currency].get(code)
            if coin is not None:
                figures |= _simple(coin, currency, asked)
        if figures:
            if asked.include_last_updated_at:
                figures["last_updated_at"] = board.minute_s
            found[code] = figures
    return found


def _simple(coin: Coin, currency: str, asked: PriceAsked) -> dict[str, float | None]:
    figures: dict[str, float | None] = {currency: rounded(coin.price, _places(asked.precision))}
    if asked.include_24hr_vol:
        figures[f"{currency}_24h_vol"] = coin.volume
    if asked.include_24hr_change:
        figures[f"{currency}_24h_change"] = _percent(coin.change)
    return figures


def supported_vs_currencies(service: Service, asked: NothingAsked) -> Currencies:
    """List in CoinGecko's shape the currencies that prices can be had in."""
    return sorted(service.shelf.require_board().rates.currencies)


def coins_list(service: Service, asked: NothingAsked) -> list[Listed]:
    """List all coins in CoinGecko's shape."""
    return [Listed(code, code, code.upper()) for code in coins.codes(service.shelf.require_board())]


def coins_markets(service: Service, asked: MarketsAsked) -> list[CoinRow]:
    """List coins with their markets in CoinGecko's shape."""
    board = service.shelf.require_board()
    known = coins.coins(board, _currency(board, asked.vs_currency))
    found = [known[code] for code in _codes(board, asked.ids, asked.symbols, coins.codes(board)) if code in known]
    figure, _, direction = asked.order.rpartition("_")
    found.sort(key=lambda coin: coin.code if figure == "id" else (coin.volume, coin.code), reverse=direction == "desc")
    start = (asked.page - 1) * asked.per_page
    return [_coin_row(coin, board, asked) for coin in found[start : start + asked.per_page]]


def _coin_row(coin: Coin, board: Board, asked: MarketsAsked) -> CoinRow:
    return CoinRow(
        id=coin.code,
        symbol=coin.code,
        name=coin.code.upper(),
        current_price=rounded(coin.price, _places(asked.precision)),
        total_volume=coin.volume,
        high_24h=coin.high,
        low_24h=coin.low,
        price_change_24h=None if coin.change is None else coin.price - coin.price / (1 + coin.change),
        price_change_percentage_24h=_percent(coin.change),
        last_updated=board.time,
        price_change_percentage_24h_in_currency=_percent(coin.change) if asked.price_change_percentage else None,
    )


def market_chart(service: Service, asked: ChartAsked) -> MarketChart:
    """Show a coin over time in CoinGecko's shape, by its own pair in that currency."""
    board = service.shelf.require_board()
    market = board.markets.get(asked.id.lower() + _currency(board, asked.vs_currency))
    if market is None:
        has = [found.quote for found in board.markets.values() if found.base == asked.id.lower()]
        raise Unknown(
            f"{shown(asked.id)} has no pair in {shown(asked.vs_currency)}; it has: {', '.join(has) or 'none'}"
        )
    stop_s = board.minute_s + MINUTE_S
    start_s = stop_s - asked.days * DAY_S
    every_s = shortest_fitting(start_s, stop_s, finest_s(start_s, board.minute_s, service.settings))
    stretch = Span(ceil(start_s, every_s), stop_s, every_s)
    link = service.require_database()
    prices = chart.read(link, market.main, "price", stretch, board.minute_s)
    volumes = {point.time: point.value for point in chart.read(link, market.main, "volume", stretch, board.minute_s)}
    return MarketChart(
        prices=[[_ms(point), point.value] for point in prices],
        market_caps=[],
        total_volumes=[[_ms(point), volumes[point.time] * point.value] for point in prices if point.time in volumes],
    )


def _ms(point: chart.ChartPoint) -> int:
    return chart.unix_s(point.time) * 1000


def _codes(board: Board, ids: str | None, symbols: str | None, otherwise: tuple[str, ...]) -> list[str]:
    asked = [
        *(names("ids", ids) if ids is not None else []),
        *(names("symbols", symbols) if symbols is not None else []),
    ]
    return list(dict.fromkeys(asked)) if asked else list(otherwise)


def _currency(board: Board, text: str) -> str:
    if text.lower() not in board.rates.currencies:
        raise Unknown(f"no pair leads to {shown(text)}; accepted: {', '.join(board.quotes)}", list(board.quotes))
    return text.lower()


def _percent(change: float | None) -> float | None:
    return None if change is None else change * 100


def _places(precision: str) -> int | None:
    return None if precision == "full" else int(precision)


ENDPOINTS = (
    Endpoint("/api/v3/ping", ping, kept_s=NOTHING_KEPT),
    Endpoint("/api/v3/simple/price", simple_price),
    Endpoint("/api/v3/simple/supported_vs_currencies", supported_vs_currencies),
    Endpoint("/api/v3/coins/list", coins_list),
    Endpoint("/api/v3/coins/markets", coins_markets),
    Endpoint("/api/v3/coins/{id}/market_chart", market_chart, asks_database=True),
)
