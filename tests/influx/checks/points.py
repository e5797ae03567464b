"""Points for the checks' tests: series on an exchange of a test's own, and what a rule raises there."""

import itertools
import time
from collections.abc import Mapping

from influx.check import Check, checks, text
from influx.client import Database
from influx.judge import Status, moment
from influx.rules import parse
from influx.settings import Settings

NS = 10**9
MINUTE_S = 60
TICK_S = (int(time.time()) // 3600 - 72) * 3600  # far from the ticks that other tests have judged
numbers = itertools.count()

Series = Mapping[int, float]
"""Values by Unix seconds."""


def new_exchange() -> str:
    """A name that no other test has."""
    return f"checked{next(numbers)}"


def flat(minutes: int, value: float) -> dict[int, float]:
    """The same value at each of the minutes before the tick."""
    return {TICK_S - minute * MINUTE_S: value for minute in range(1, minutes + 1)}


def write(
    database: Database, exchange: str, pair: str, fields: Mapping[str, Series], measurement: str = "quote"
) -> None:
    """Writes a pair's fields, e.g. doge/usd."""
    base, quote = pair.split("/")
    lines = [
        f"{measurement},base={base},exchange={exchange},pair={base}{quote},quote={quote}"
        f" {field}={value!r} {time_s * NS}"
        for field, series in fields.items()
        for time_s, value in series.items()
    ]
    database.write("quotes", "\n".join(lines).encode())


def made_checks(exchange: str, *rules: str, interval_s: int = MINUTE_S) -> list[Check]:
    """The checks of rules that are written as TOML, on one exchange."""
    written = "\n".join(
        f"[[rule]]\nname = 'tried{number}'\nexchanges = ['{exchange}']\n{rule}" for number, rule in enumerate(rules)
    )
    return list(checks(parse(written, "tried.toml"), Settings(interval=interval_s)))


def raised(database: Database, exchange: str, rule: str, tick_s: int) -> dict[str, float]:
    """What a rule raises at a tick: the ratio by pair."""
    found: dict[str, float] = {}
    for check in made_checks(exchange, rule):
        rows = database.query(text(check.params), Status, {"params": check.params}, now=moment(tick_s + check.back_s))
        found.update({row.pair: row.value / row.mean for row in rows})
    return found
