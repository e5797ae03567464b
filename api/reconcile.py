"""The reconciler: finds what the straight way missed, and has it judged by the checks' own file.

Notifications that were lost stand in _monitoring; a tick whose run was missed has none in _tasks that ended well; what
came late is told by the collector's events. Catching up takes the newest ticks first and half of the time at most, so
that it does not hold up the checks of the newest tick.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from api import alert
from api.alerts import Receiver
from api.due import FRESH_S, Due, DueTicks
from api.ended_runs import ended_runs
from api.link import Link
from influx import judge, rules
from influx.check import Check, checks, checks_of
from influx.judge import Status
from influx.settings import Settings

STATUSES_EVERY_S = 60
OVERLAP_S = 120
"""How far a look reaches back before the last one: what is stamped may be written a little later."""
GRACE_S = 20
"""How long after it is due a run may take before it counts as missed."""
REST_MOST_S = 30
DAY_S = 86_400
STATUSES_KEPT_S = 8 * DAY_S  # a day longer than _monitoring keeps them


class Logged(Struct):
    """A row of queries/logged."""

    exchange: str
    metric: str
    pair: str
    rule: str
    time: datetime = msgspec.field(name="_time")


class LateRange(Struct, frozen=True):
    """A row of queries/late_ranges."""

    exchange: str
    measurement: str
    start: datetime
    stop: datetime
    time: datetime = msgspec.field(name="_time")


class Reconciler:
    """Used by one thread of one process. Each of its methods raises Away while the database can't answer."""

    def __init__(
        self, settings: Settings, link: Link, receiver: Receiver, clock: Callable[[], float] = time.time
    ) -> None:
        self.settings, self.link, self.receiver, self.clock = settings, link, receiver, clock
        self.due = DueTicks(settings)
        self._seen: set[LateRange] = set()
        self._statuses_at_s = 0.0

    def look(self) -> None:
        """Looks for lost notifications once a minute, for missed and late ticks each time; ends quiet episodes."""
        now_s = self.clock()
        if now_s >= self._statuses_at_s + STATUSES_EVERY_S:
            self.take_statuses()
            self._statuses_at_s = now_s
        in_force = rules.in_force(self.settings)
        asked = list(checks(in_force, self.settings))
        self.find_late(asked)
        self.find_missed(asked)
        self.receiver.episodes.close({rule.name: rule for rule in in_force}, now_s)

    def after_outage(self) -> None:
        """Notifications were lost while the database was away: the next look takes the statuses at once."""
        self._statuses_at_s = 0.0

    def take_statuses(self) -> int:
        """Receives what stands in _monitoring since the last look, and answers how much of it was new."""
        now_s = self.clock()
        since_s = self.due.reached("statuses")
        if since_s is None:
            since_s = now_s - self.settings.retention
            self._remember(since_s)
        rows = self.link.query("statuses", Status, {"from": judge.moment(int(since_s) - OVERLAP_S)})
        new = self.receiver.receive(rows)
        if now_s // DAY_S != since_s // DAY_S:
            self.receiver.journal.forget(alert.NS * int(now_s - self.settings.retention - STATUSES_KEPT_S))
        self.due.reach("statuses", now_s)
        return new

    def _remember(self, since_s: float) -> None:
        """What a lost home had logged must not be logged again."""
        rows = self.link.query("logged", Logged, {"from": judge.moment(int(since_s) - DAY_S)})
        identities = [(row.rule, row.exchange, row.pair, row.metric, alert.nanoseconds(row.time)) for row in rows]
        self.receiver.journal.remember(identities)

    def find_late(self, asked: Sequence[Check]) -> None:
        """Notes the ticks that the collector wrote too late for their check."""
        now_s = self.clock()
        since_s = self.due.reached("late")
        params = {"from": judge.moment(int(since_s if since_s is not None else now_s) - OVERLAP_S)}
        ranges = self.link.query("late_ranges", LateRange, params)
        new = [one for one in ranges if one not in self._seen]
        self.due.add(
            (
                Due(check.name, one.exchange, int(one.start.timestamp()), int(one.stop.timestamp()))
                for one in new
                for check in asked
                if check.source.measurement == one.measurement and not check.again
            ),
            now_s,
        )
        self._seen = set(ranges)
        self.due.reach("late", now_s)

    def find_missed(self, asked: Sequence[Check]) -> None:
        """Notes the ticks that should have been judged by now and whose run has not ended well."""
        now_s = self.clock()
        newest = {check.name: check.newest_s(now_s - GRACE_S) for check in asked}
        reached = {name: self.due.reached(f"judged {name}") for name in newest}
        from_s = min((int(reached_s) for reached_s in reached.values() if reached_s is not None), default=None)
        if from_s is not None:
            ended: defaultdict[str, list[datetime]] = defaultdict(list)
            for run in ended_runs(self.link, judge.moment(from_s)):
                for name in checks_of(run.name):
                    ended[name].append(run.scheduled_for)
            judged = {check.name: {check.tick_s(at) for at in ended[check.name]} for check in asked}
            self.due.add(
                (
                    Due(check.name, "", tick_s, tick_s)
                    for check in asked
                    for tick_s in self._since(check, reached[check.name], newest[check.name])
                    if tick_s not in judged[check.name]
                ),
                now_s,
            )
        for name, tick_s in newest.items():
            if reached[name] != tick_s:
                self.due.reach(f"judged {name}", tick_s)

    def _since(self, check: Check, reached_s: float | None, newest_s: int) -> range:
        """The ticks after the last one that was looked for; none for a check that is new."""
        if reached_s is None:
            return range(0)
        oldest_s = max(int(reached_s), int(self.clock()) - self.settings.retention)
        return range(oldest_s - oldest_s % check.step_s + check.step_s, newest_s + 1, check.step_s)

    def work(self) -> float | None:
        """Judges the newest of what is due; answers how long to rest after it, None where nothing is due."""
        due = self.due.newest(self.clock())
        if due is None:
            return None
        began_s = time.monotonic()
        check = next(
            (one for one in checks(rules.in_force(self.settings), self.settings) if one.name == due.check), None
        )
        if check is not None:
            for statuses in self._judge(check, due):
                self.receiver.receive(statuses)
        self.due.done(due)
        took_s = time.monotonic() - began_s
        return 0.0 if due.last_s > self.clock() - FRESH_S else min(REST_MOST_S, took_s)

    def _judge(self, check: Check, due: Due) -> Iterator[list[Status]]:
        now_s = int(self.clock())
        first_s = max(due.first_s, now_s - self.settings.retention)
        ticks = range(first_s + -first_s % check.step_s, min(due.last_s, now_s - check.back_s) + 1, check.step_s)
        exchanges = [due.exchange] if due.exchange else []
        with self.link.asking() as database:
            yield from judge.judge_range(database, check, ticks, exchanges, writes=True)
