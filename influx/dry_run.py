"""`python -m influx rules --dry-run`: how often each rule would have fired in the last 24 hours, and on which pairs."""

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from influx import judge
from influx.check import Check
from influx.client import Database

HOURS = 24
HOUR_S = 3600
SHOWN = 10  # series that are named


class Step(Struct, frozen=True):
    """An hour of a check's ticks."""

    check: Check
    ticks: range


class Fired(Struct):
    """A rule's firings: how many, and how many of each series, as `pair on exchange`."""

    rule: str
    series: Counter[str]

    @property
    def told(self) -> str:
        """The rule's line."""
        most = ", ".join(f"{name} {count}" for name, count in self.series.most_common(SHOWN))
        rest = len(self.series) - SHOWN
        return (
            f"{self.rule}: {self.series.total()}"
            + (f": {most}" if most else "")
            + (f" and {rest} more" if rest > 0 else "")
        )


def steps(checks: Sequence[Check], now_s: float) -> list[Step]:
    """The last 24 hours of every check, an hour of ticks a step; a second look at the same ticks is left out."""
    return [Step(check, ticks) for check in checks if not check.again for ticks in _hours(check, check.newest_s(now_s))]


def _hours(check: Check, newest_s: int) -> Iterator[range]:
    """The ticks of a day up to the newest, cut into hours or, where the grid does not divide them, a little less."""
    a_day, an_hour = HOURS * HOUR_S // check.step_s, HOUR_S // check.step_s
    ticks = range(newest_s - (a_day - 1) * check.step_s, newest_s + 1, check.step_s)
    for first in range(0, a_day, an_hour):
        yield ticks[first : first + an_hour]


def run(database: Database, taken: Iterator[Step]) -> list[Fired]:
    """What the rules of these steps would have raised. Nothing is written."""
    fired: dict[str, Counter[str]] = {}
    seen: set[tuple[str, str, str, int]] = set()
    for step in taken:
        name = step.check.rule.name
        series = fired.setdefault(name, Counter())
        for statuses in judge.judge_range(database, step.check, step.ticks, writes=False):
            for status in statuses:
                identity = (name, status.exchange, status.pair, status.time_ns)
                series[f"{status.pair} on {status.exchange}"] += identity not in seen
                seen.add(identity)
    return [Fired(name, series) for name, series in fired.items()]
