"""Silence: an exchange, a pair, the collector as a whole, or the database's tasks that say nothing for 5 minutes.

Seen from outside the database, so that its own silence is seen too. Only exchanges that the collector polls count, and
a pair only while its exchange goes on. It lasts until recovery, a pair's also until its delisting.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from api.conditions import Conditions
from api.link import Link
from api.problems import Away
from api.reader import State
from influx import judge
from influx.outage import time_of_day
from influx.settings import Settings

SILENT_S = 300
DAY_S = 86_400
BACK_S = 120
STATES_BACK_S = 30 * DAY_S

EXCHANGE, PAIR, COLLECTOR, TASKS = "silent exchange", "silent pair", "silent collector", "silent tasks"


class Series(Struct, frozen=True):
    """A row of queries/quoted or queries/delisted."""

    exchange: str
    pair: str
    time: datetime = msgspec.field(name="_time")


class Runs(Struct, frozen=True):
    """A row of queries/task_runs."""

    status: str
    count: int


class Silence:
    """The watch over what should go on. Used by one thread."""

    def __init__(
        self, settings: Settings, link: Link, conditions: Conditions, clock: Callable[[], float] = time.time
    ) -> None:
        self._settings, self._link, self._conditions, self._clock = settings, link, conditions, clock
        self._quoted: dict[tuple[str, str], float] = {}
        self._delisted: dict[tuple[str, str], float] = {}
        self._looked_s: float | None = None
        self._began_s = clock()
        self._ran_s = self._began_s

    def look(self) -> None:
        """Raises and ends what has changed. Away: the database can't answer; its tasks count as silent then."""
        try:
            self._look_at_quotes()
            self._look_at_tasks()
        except Away:
            self._tell_tasks()
            raise

    def _look_at_quotes(self) -> None:
        now_s = self._clock()
        from_s = now_s - DAY_S if self._looked_s is None else self._looked_s - BACK_S
        params = {"from": judge.moment(int(from_s)), "to": judge.moment(int(now_s) + 60)}
        for row in self._link.query("quoted", Series, params):
            self._quoted[row.exchange, row.pair] = row.time.timestamp()
        raised_s = min(self._conditions.raised(PAIR).values(), default=from_s)
        for row in self._link.query("delisted", Series, {"from": judge.moment(int(min(from_s, raised_s)))}):
            self._delisted[row.exchange, row.pair] = row.time.timestamp()
        states = self._link.query("exchange_states", State, {"from": judge.moment(int(now_s) - STATES_BACK_S)})
        self._looked_s = now_s
        if polled := self._polled(states):  # of a collector that has said nothing for so long, all stays as it was
            self._tell(polled)

    def _polled(self, states: Sequence[State]) -> dict[str, State]:
        """The exchanges that the collector polls: told of within a day before the newest that it told of any."""
        wanted = self._settings.exchanges
        told = [state for state in states if not wanted or state.exchange in wanted]
        oldest_s = max((state.time.timestamp() for state in told), default=0.0) - DAY_S
        return {state.exchange: state for state in told if state.time.timestamp() > oldest_s}

    def _tell(self, polled: dict[str, State]) -> None:
        now_s = self._clock()
        newest: dict[str, float] = {}
        for (exchange, _), time_s in self._quoted.items():
            newest[exchange] = max(newest.get(exchange, 0.0), time_s)
        silent = {name for name in polled if newest.get(name, self._began_s) < now_s - SILENT_S}
        everything = silent == set(polled)
        since_s = max((newest.get(name, 0.0) for name in polled), default=0.0)
        whole = {"collector": f"no quote of any exchange {since(since_s)}"} if everything else {}
        self._conditions.settle(COLLECTOR, whole, "quotes again")
        if everything:
            return  # each exchange and pair would say the same
        exchanges = {name: f"no quote {since(newest.get(name, 0.0))}{why(polled[name])}" for name in silent}
        self._conditions.settle(EXCHANGE, exchanges, "quotes again")
        self._tell_pairs(polled, silent, newest)

    def _tell_pairs(self, polled: dict[str, State], silent: set[str], newest: dict[str, float]) -> None:
        raised = {
            (exchange, pair) for exchange, _, pair in (one.partition(" ") for one in self._conditions.raised(PAIR))
        }
        now = {}
        for exchange, pair in {*self._quoted, *raised}:
            quoted_s = self._quoted.get((exchange, pair), 0.0)
            if exchange not in polled or self._delisted.get((exchange, pair), 0.0) > quoted_s:
                continue
            # Of a silent exchange's pairs nothing is known: they stay as they are.
            quiet = (exchange, pair) in raised if exchange in silent else quoted_s < newest[exchange] - SILENT_S
            if quiet:
                now[f"{exchange} {pair}"] = f"no quote {since(quoted_s)}, while {exchange} goes on"
        self._conditions.settle(PAIR, now, "quotes again or is delisted,")

    def _look_at_tasks(self) -> None:
        now_s = int(self._clock())
        params = {"from": judge.moment(now_s - SILENT_S), "to": judge.moment(now_s + 1)}
        runs = {row.status: row.count for row in self._link.query("task_runs", Runs, params)}
        if runs.get("success"):
            self._ran_s = self._clock()
        self._tell_tasks()
        failed = runs.get("failed", 0)
        told = {"tasks": f"{failed} runs of the database's tasks failed in the last 5 min"} if failed else {}
        self._conditions.settle("failed tasks", told, "no run has failed for 5 min,")

    def _tell_tasks(self) -> None:
        quiet = self._ran_s < self._clock() - SILENT_S
        told = {"tasks": f"no task of the database has run {since(self._ran_s)}"} if quiet else {}
        self._conditions.settle(TASKS, told, "tasks run again")


def since(moment_s: float) -> str:
    """since 12:04:00, or for a day."""
    return f"since {time_of_day(moment_s)}" if moment_s else "for a day"


def why(state: State) -> str:
    """What the collector says of an exchange, in brackets."""
    return "" if state.state == "ok" else f" ({state.state}: {state.reason})"
