"""The tables that every price and volume is read from: closed loops of minutes, drawn once from the seed.

A loop of prime length, read from a place of its own, gives each coin a walk that is known for any minute of any year
at the cost of a look-up. Nothing is accumulated, so start-up costs the same for ten pairs and for fifty thousand.
"""

import math
import random
from collections.abc import Sequence
from itertools import accumulate

DAY_MIN = 1440

SLOW_LOOP_MIN = 12_007  # primes: the pair of walks repeats after 228 years
FAST_LOOP_MIN = 10_007
TRADE_LOOP_MIN = 8_647

QUIET_SHARE = 0.3  # of a thinly traded pair's minutes


class Loop:
    """A closed loop of one value a minute, and for each minute the mean of the 24 h before it."""

    def __init__(self, values: Sequence[float]) -> None:
        self.length = len(values)
        # One entry more than the loop has, so that the value of the next minute needs no second modulo.
        self.values = [*values, values[0]]
        means = _means_of_day(values)
        self.means = [*means, means[0]]

    def at(self, minute: float) -> float:
        """The value at a point of time in minutes, on the straight line between two minutes."""
        return _between(self.values, self.length, minute)

    def mean_of_day(self, minute: float) -> float:
        """The mean over the 24 h that end at a point of time in minutes."""
        return _between(self.means, self.length, minute)


def _between(values: list[float], length: int, minute: float) -> float:
    whole = math.floor(minute)
    at = whole % length
    return values[at] + (values[at + 1] - values[at]) * (minute - whole)


def _means_of_day(values: Sequence[float]) -> list[float]:
    sums = [0.0, *accumulate([*values, *values[:DAY_MIN]])]
    # Means of minutes [k - 1440, k): the loop lies in front of itself.
    shifted = [(sums[k + DAY_MIN] - sums[k]) / DAY_MIN for k in range(len(values))]
    cut = len(values) - DAY_MIN
    return [*shifted[cut:], *shifted[:cut]]


class Trades:
    """A loop of traded amounts a minute, on average 1. Each minute may be quiet: no trade at all."""

    def __init__(self, rng: random.Random, quiet_share: float) -> None:
        drawn = [0.0 if rng.random() < quiet_share else rng.lognormvariate(0.0, 0.7) for _ in range(TRADE_LOOP_MIN)]
        mean = sum(drawn) / len(drawn)
        self.loop = Loop([amount / mean for amount in drawn])
        self.quiet_for = _quiet_for(self.loop.values[:-1])
        # How far a minute's high and low lie beyond its open and close, relative.
        self.reach = [rng.random() * 0.0008 for _ in range(TRADE_LOOP_MIN)]


def _quiet_for(amounts: Sequence[float]) -> list[int]:
    """For each minute, how many minutes ago the last trade was; 0: in this one."""
    gaps = []
    gap = 0
    for amount in [*amounts, *amounts]:  # twice round, so that the first minutes know the loop's end
        gap = 0 if amount else gap + 1
        gaps.append(gap)
    return gaps[len(amounts) :]


class Tables:
    """All tables of one seed."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        self.seed = seed
        self.slow = _walk(rng, SLOW_LOOP_MIN)
        self.fast = _walk(rng, FAST_LOOP_MIN)
        self.busy = Trades(rng, quiet_share=0.0)
        self.thin = Trades(rng, QUIET_SHARE)
        self.jitter = Loop([rng.gauss(0.0, 1.0) for _ in range(TRADE_LOOP_MIN)])


def _walk(rng: random.Random, length: int) -> Loop:
    """A random walk with steps of variance 1/2 that ends where it began; two of them move by 1 a minute."""
    steps = [rng.gauss(0.0, math.sqrt(0.5)) for _ in range(length)]
    drift = sum(steps) / length
    places = list(accumulate(step - drift for step in steps))
    middle = sum(places) / length
    return Loop([place - middle for place in places])
