"""One simulated market: its price, its 24 h figures and its candles at any time, computed from the seed alone.

A quote stands still for 5 s, the shortest poll interval, so that two polls of one tick get the same answer.
A candle's close is the price at its end; a thinly traded pair keeps its price through minutes without a trade.
"""

import math
from collections.abc import Callable, Sequence
from hashlib import blake2b

from msgspec import Struct

from tests.exchange_simulator.walk import DAY_MIN, Tables

STEP_S = 5
MINUTE_S = 60
SIGNIFICANT_DIGITS = 6
VOLUME_DECIMALS = 8
JITTER = 0.0003  # how far two exchanges' prices of one moment differ, relative


class Candle(Struct, frozen=True, gc=False):
    """Trades from `time_s` (Unix seconds) on; prices in quote currency, volume in base currency, 0 if none was made."""

    time_s: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class Ticker(Struct, frozen=True, gc=False):
    """A market's figures at `at_s`, Unix seconds. open, high, low, vwap and the volumes are of the last 24 h.

    Every number is rounded to what a text of it shows, so both are the same value.
    high and low enclose the day's prices without being its exact extremes.
    """

    market: "Market"
    at_s: float
    price: float
    open: float
    high: float
    low: float
    vwap: float
    volume: float
    quote_volume: float


class Coin:
    """A currency whose worth in US dollars walks; `volatility` is the deviation of a minute's move, relative."""

    def __init__(self, tables: Tables, name: str, usd: float, volatility: float) -> None:
        self.name = name
        self.usd = usd
        self._tables = tables
        self._volatility = volatility
        self._slow_place, self._fast_place = draws(2, tables.seed, name)
        self._moves_at = math.nan
        self._moves = (0.0, 0.0, 0.0)

    def move(self, minute: float) -> float:
        """Logarithm of the worth against `usd` at a time in minutes."""
        return self._volatility * (
            self._tables.slow.at(minute + self._slow_place) + self._tables.fast.at(minute + self._fast_place)
        )

    def moves(self, minute: float) -> tuple[float, float, float]:
        """`move` now, 24 h ago and on average in between."""
        if minute != self._moves_at:  # all pairs of this coin, on every exchange, ask for the same moment
            mean = self._tables.slow.mean_of_day(minute + self._slow_place)
            mean += self._tables.fast.mean_of_day(minute + self._fast_place)
            self._moves = (self.move(minute), self.move(minute - DAY_MIN), self._volatility * mean)
            self._moves_at = minute
        return self._moves


def draws(count: int, *names: object) -> list[int]:
    """Numbers of 0 to 65,535 that depend on the names alone."""
    digest = blake2b("/".join(map(str, names)).encode(), digest_size=2 * count).digest()
    return [int.from_bytes(digest[at : at + 2]) for at in range(0, 2 * count, 2)]


def as_is(time_s: int) -> float:
    """No change to any minute's volume."""
    return 1.0


class Market:
    """A pair on one exchange. `pair`, `base` and `quote` are our common lower-case names."""

    def __init__(self, tables: Tables, exchange: str, base: Coin, quote: Coin, usd_a_day: float, thin: bool) -> None:
        self.base = base.name
        self.quote = quote.name
        self.pair = base.name + quote.name
        self.thin = thin
        self._base_coin = base
        self._quote_coin = quote
        self._trades = tables.thin if thin else tables.busy
        self._jitter = tables.jitter
        self._place, share = draws(2, tables.seed, exchange, base.name, quote.name)
        self._start = base.usd / quote.usd
        self.decimals = max(0, SIGNIFICANT_DIGITS - 1 - math.floor(math.log10(self._start)))
        # The same pair trades unlike amounts on unlike exchanges: a tenth to the whole.
        self._a_minute = usd_a_day * (0.1 + 0.9 * share / 65_536) / base.usd / DAY_MIN

    def text(self, price: float) -> str:
        """A price of this market as exchanges write it: all decimals, no exponent."""
        return f"{price:.{self.decimals}f}"

    def ticker(self, now_s: float) -> Ticker:
        """The figures that the exchange states at a time in Unix seconds."""
        minute = (now_s // STEP_S) * STEP_S / MINUTE_S
        traded = self._last_trade(minute)
        base_now, base_before, base_mean = self._base_coin.moves(traded)
        quote_now, quote_before, quote_mean = self._quote_coin.moves(traded)
        price = self._price(base_now - quote_now, traded)
        opened = self._price(base_before - quote_before, traded - DAY_MIN)
        vwap = round(self._start * math.exp(base_mean - quote_mean), self.decimals)
        volume = round(self._a_minute * DAY_MIN * self._trades.loop.mean_of_day(minute + self._place), VOLUME_DECIMALS)
        return Ticker(
            self,
            now_s,
            price,
            opened,
            round(max(price, opened, vwap) * 1.01, self.decimals),
            round(min(price, opened, vwap) / 1.01, self.decimals),
            vwap,
            volume,
            round(volume * vwap, VOLUME_DECIMALS),
        )

    def candles(
        self, start_s: int, end_s: int, now_s: float, step_s: int = MINUTE_S, times: Callable[[int], float] = as_is
    ) -> list[Candle]:
        """Candles that start in [start_s, end_s), oldest first, the running one included as it stands at `now_s`.

        `step_s` is a multiple of 60; quiet candles are among them, flat and with volume 0. `times` gives what the
        volume of the minute that starts at a time is multiplied by.
        """
        first = -(-start_s // step_s) * step_s
        reached = math.floor(now_s) + 1
        return [
            _merge(
                [self._minute(minute_s, now_s, times) for minute_s in range(at, min(at + step_s, reached), MINUTE_S)]
            )
            for at in range(first, min(end_s, reached), step_s)
        ]

    def _minute(self, time_s: int, now_s: float, times: Callable[[int], float]) -> Candle:
        minute = time_s // MINUTE_S
        now = now_s / MINUTE_S
        place = minute + self._place
        amount = self._trades.loop.at(place)
        close = self._price_at(self._last_trade(min(minute + 1, now)))
        if not amount:
            return Candle(time_s, close, close, close, close, 0.0)
        opened = self._price_at(minute)
        reach = self._trades.reach[place % len(self._trades.reach)]
        high = round(max(opened, close) * (1 + reach), self.decimals)
        low = round(min(opened, close) * (1 - reach), self.decimals)
        volume = self._a_minute * amount * min(1.0, now - minute) * times(time_s)
        return Candle(time_s, opened, high, low, close, round(volume, VOLUME_DECIMALS))

    def _last_trade(self, minute: float) -> float:
        """The time itself, or the end of the last minute with a trade when this one is quiet."""
        whole = math.ceil(minute) - 1  # the end of a minute belongs to it
        quiet_for = self._trades.quiet_for[(whole + self._place) % len(self._trades.quiet_for)]
        return whole - quiet_for + 1 if quiet_for else minute

    def _price_at(self, minute: float) -> float:
        return self._price(self._base_coin.move(minute) - self._quote_coin.move(minute), minute)

    def _price(self, move: float, minute: float) -> float:
        jitter = JITTER * self._jitter.at(minute + self._place)
        return round(self._start * math.exp(move + jitter), self.decimals)


def _merge(minutes: Sequence[Candle]) -> Candle:
    if len(minutes) == 1:
        return minutes[0]
    return Candle(
        minutes[0].time_s,
        minutes[0].open,
        max(candle.high for candle in minutes),
        min(candle.low for candle in minutes),
        minutes[-1].close,
        round(math.fsum(candle.volume for candle in minutes), VOLUME_DECIMALS),
    )
