"""Alert rules as the database runs them: the tasks of checks/rule.flux, their periods and parameters."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from influx import flux, schema
from influx.rules import Level, Move, Ratio, Rule
from influx.settings import Settings

FILE = "checks/rule"
WRITTEN = "written"
LATE = "late"
"""Cases of the file that are not for the rules to say: the statuses are written, and marked as judged late."""
TASK = "check_"
"""How the names of the checks' tasks begin."""
HOUR = timedelta(hours=1)
MINUTE_S = 60
QUOTES_AFTER_S = 6
"""How long after a tick its quotes are judged; what comes later is judged once more."""
CANDLES_AFTER_S = 22
CANDLES_AGAIN_AFTER_S = 52
"""How long after a minute's end its candles are judged: twice, for the watch lists are fetched one by one."""
SPREAD = 4
"""Seconds over which checks are spread, so that they do not all start at once."""


class Source(Struct, frozen=True):
    """Where a metric is kept: its measurement and field, and the fields of the price and of the turnover there."""

    measurement: str
    field: str
    price: str
    turnover: str = ""
    """Empty: the value times the price."""


SOURCES = {
    "price": Source(schema.QUOTE, "price", "price", "quote_volume"),
    "volume": Source(schema.QUOTE, "volume", "price", "quote_volume"),
    "traded": Source(schema.CANDLE, "volume", "close"),
}


class Check(Struct, frozen=True):
    """What a rule judges. Ticks lie on a grid of `step_s`; a run judges the one that lies `back_s` before its time."""

    rule: Rule
    name: str
    step_s: int
    back_s: int
    after_s: int
    again: bool
    """Whether it only judges a second time what another check has judged."""
    reads: dict[str, flux.Value]
    """The parameters of checks/rule.flux that say what is read, all but the metric."""
    allows: dict[str, flux.Value]
    """And those that say how much of it is allowed."""

    @property
    def source(self) -> Source:
        """Where what it judges is kept."""
        return SOURCES[self.rule.metric]

    @property
    def params(self) -> dict[str, flux.Value]:
        """The parameters of checks/rule.flux for this check alone."""
        return params([self])

    @property
    def reach(self) -> timedelta:
        """How far before a tick the values lie that it is judged against."""
        held, window = self.reads["held"], self.reads["window"]
        assert isinstance(held, timedelta)
        assert isinstance(window, timedelta)
        return held + window

    def tick_s(self, at: datetime) -> int:
        """The tick that a run for this time judges."""
        at_s = int(at.timestamp())
        return at_s - at_s % self.step_s - self.back_s

    def newest_s(self, now_s: float) -> int:
        """The newest tick that has been judged by then."""
        due_s = int(now_s) - self.back_s - self.after_s
        return due_s - due_s % self.step_s


def checks(rules: Sequence[Rule], settings: Settings) -> Iterator[Check]:
    """The checks of the rules; a move both up and down takes two. Those of one run start at the same time."""
    numbers: dict[str, int] = {}
    for rule in rules:
        for suffix, against, allows in _asked(rule):
            of_quotes = SOURCES[rule.metric].measurement == schema.QUOTE
            step_s, back_s = (settings.interval, 0) if of_quotes else (MINUTE_S, MINUTE_S)
            reads = _reads(rule, step_s, back_s) | against
            allows = {"fewest": 0, "floor": float(rule.floor)} | allows
            later_s = numbers.setdefault(flux.literal(reads), len(numbers)) % SPREAD
            name = f"{rule.name}{suffix}"
            if of_quotes:
                yield Check(rule, name, step_s, back_s, QUOTES_AFTER_S + later_s, False, reads, allows)
            else:
                yield Check(rule, name, step_s, back_s, CANDLES_AFTER_S + later_s, False, reads, allows)
                again_s = CANDLES_AGAIN_AFTER_S + later_s
                yield Check(rule, f"{name}__again", step_s, back_s, again_s, True, reads, allows)


def runs(asked: Iterable[Check]) -> list[list[Check]]:
    """Checks that read the same of their metrics, whatever each allows: one run of the database judges them all."""
    found: defaultdict[tuple[str, bool], list[Check]] = defaultdict(list)
    for check in asked:
        found[flux.literal(check.reads), check.again].append(check)
    return list(found.values())


def run_name(together: Sequence[Check]) -> str:
    """The name of the database's task for the checks of one run."""
    return TASK + "+".join(check.name for check in together)


def checks_of(task: str) -> list[str]:
    """The names of the checks that a task of this name runs; none if it is another task."""
    return task.removeprefix(TASK).split("+") if task.startswith(TASK) else []


def text(given: Mapping[str, flux.Value], *purposes: str) -> str:
    """What of checks/rule.flux a run needs, by its parameters and by what it is for: WRITTEN, LATE."""
    return flux.source(FILE, *cases(given), *purposes)


def cases(given: Mapping[str, flux.Value]) -> list[str]:
    """The cases of checks/rule.flux that hold for these parameters."""
    level, held = given["reference"] == "level", given["held"] != timedelta(0)
    own_turnover = given["turnover"] != given["price"]
    fields = given["fields"]
    assert isinstance(fields, list)
    judged = given["price"] in fields
    hold = {
        "chosen": given["pairs"] or given["exchanges"],
        "window": not level,
        "counted": given["reference"] == "mean",
        "level": level,
        "apart": level or held,
        "held": held,
        "beside": given["beside"],
        "judged": judged,
        "priced": judged or own_turnover,
        "floor": not judged and not own_turnover,
        "turnover": own_turnover,
    }
    return [case for case, holds in hold.items() if holds]


def params(together: Sequence[Check]) -> dict[str, flux.Value]:
    """The parameters of checks/rule.flux for the checks of one run."""
    judged: list[dict[str, flux.Value]] = [
        {
            "name": check.name,
            "id": check_id(check.name),
            "rule": check.rule.name,
            "metric": check.rule.metric,
            "field": check.source.field,
        }
        | check.allows
        for check in together
    ]
    reads = together[0].reads
    fields = {check.source.field for check in together}
    return reads | {
        "checks": judged,
        "fields": _two(fields),
        "beside": _two({str(reads["price"]), str(reads["turnover"])} - fields),
    }


def _two(fields: set[str]) -> list[str]:
    """The fields of a read: none, or two of them, which may be the same."""
    return [min(fields), max(fields)] if fields else []


def _asked(rule: Rule) -> Iterator[tuple[str, dict[str, flux.Value], dict[str, flux.Value]]]:
    """What the value is held against, and how many times that it may be, at most where it `rises`, else at least."""
    match rule:
        case Ratio():
            yield "", _against("mean", HOUR), {"factor": float(rule.factor), "fewest": rule.fewest}
        case Move():
            within = timedelta(seconds=rule.within)
            both = rule.direction == "both"
            if rule.direction in ("up", "both"):
                yield "__up" if both else "", _against("min", within), {"factor": 1 + rule.percent / 100}
            if rule.direction in ("down", "both"):
                yield "__down" if both else "", _against("max", within, rises=False), {"factor": 1 - rule.percent / 100}
        case Level(above=float(level)):
            yield "", _against("level", timedelta(0), level=level), {"factor": 1.0}
        case Level(below=float(level)):
            yield "", _against("level", timedelta(0), level=level, rises=False), {"factor": 1.0}


def _against(reference: str, window: timedelta, *, level: float = 0.0, rises: bool = True) -> dict[str, flux.Value]:
    return {"reference": reference, "window": window, "level": level, "rises": rises}


def _reads(rule: Rule, step_s: int, back_s: int) -> dict[str, flux.Value]:
    source = SOURCES[rule.metric]
    return {
        "measurement": source.measurement,
        "price": source.price,
        "turnover": source.turnover if rule.floor and source.turnover else source.price,
        "held": timedelta(seconds=rule.held),
        "back": timedelta(seconds=back_s),
        "interval": timedelta(seconds=step_s),
        "pairs": pattern(rule.pairs),
        "exchanges": pattern(rule.exchanges),
    }


def check_id(name: str) -> str:
    """A check's id as InfluxDB wants it: 16 hexadecimal digits, the same for the same name."""
    return f"{int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) | 1 << 60:016x}"


def pattern(names: Sequence[str]) -> str:
    """A regular expression that matches just these names, where * stands for any letters; empty for all."""
    escaped = [re.sub(r"[^\w*]", r"\\\g<0>", name).replace("*", ".*") for name in names]
    return f"^(?:{'|'.join(escaped)})$" if names else ""
