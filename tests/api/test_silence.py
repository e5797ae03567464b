"""Silence on the real database: who is told of, when it ends, and what is not silence."""

import itertools
import shutil
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from api.conditions import Conditions
from api.link import Link
from api.problems import Away
from api.silence import COLLECTOR, EXCHANGE, PAIR, TASKS, Silence
from influx import tokens
from influx.client import Database
from influx.settings import Settings
from tests.ports import free_port

NS = 10**9
numbers = itertools.count()


class Watched:
    """Two exchanges of a test's own, at a time that the test sets."""

    def __init__(self, influxd: Settings, operator: Database, home: Path) -> None:
        shutil.copytree(influxd.home / "tokens", home / "tokens")
        self.one, self.other = f"silent{next(numbers)}", f"silent{next(numbers)}"
        self.settings = msgspec.structs.replace(influxd, home=home, exchanges=[self.one, self.other])
        self.operator = operator
        self.began_s = datetime.now(UTC).timestamp() - 26 * 3600
        self.now_s = self.began_s
        self.state()
        self.start()

    def state(self) -> None:
        """The collector says that both exchanges are well."""
        for exchange in (self.one, self.other):
            state = f'exchange_state,exchange={exchange} state="ok",reason="",until="" {int(self.began_s) * NS}'
            self.operator.write("events", state.encode())

    def start(self) -> None:
        """Begins to watch, as a new process does."""
        self.conditions = Conditions(self.settings, lambda: self.now_s)
        link = Link(self.settings, role=tokens.JUDGE)
        self.silence = Silence(self.settings, link, self.conditions, lambda: self.now_s)

    def at(self, second: float, *quoted: str) -> None:
        """Quotes these (`one dogeusd`) at that second, and looks."""
        self.now_s = self.began_s + second
        for series in quoted:
            exchange, pair = series.split()
            tags = f"base={pair[:-3]},exchange={getattr(self, exchange)},pair={pair},quote=usd"
            self.operator.write("quotes", f"quote,{tags} price=1 {int(self.now_s) * NS}".encode())
        self.silence.look()

    def raised(self, kind: str) -> set[str]:
        """What is raised, with the exchanges under the test's names."""
        names = {self.one: "one", self.other: "other"}
        return {" ".join(names.get(part, part) for part in subject.split()) for subject in self.conditions.raised(kind)}


@pytest.fixture
def watched(influxd: Settings, operator: Database, tmp_path: Path) -> Watched:
    return Watched(influxd, operator, tmp_path / "home")


def test_an_exchange_without_a_quote_for_five_minutes_is_told_until_it_quotes_again(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "coinwatch.watch")
    watched.at(0, "one dogeusd", "other dogeusd")
    watched.at(290, "other dogeusd")
    assert watched.raised(EXCHANGE) == set()
    watched.at(310, "other dogeusd")
    watched.at(340, "other dogeusd")
    assert watched.raised(EXCHANGE) == {"one"}
    watched.at(400, "one dogeusd", "other dogeusd")
    assert watched.raised(EXCHANGE) == set()
    told = [record.getMessage() for record in caplog.records if watched.one in record.getMessage()]
    assert [line.split(" since")[0] for line in told] == [
        f"{watched.one}: no quote",
        f"{watched.one}: quotes again after 1 min",
    ]


def test_a_pair_that_stops_while_its_exchange_goes_on_is_told_until_it_quotes_again(watched: Watched) -> None:
    watched.at(0, "one dogeusd", "one ltcusd", "other dogeusd")
    watched.at(310, "one dogeusd", "other dogeusd")
    assert (watched.raised(PAIR), watched.raised(EXCHANGE)) == ({"one ltcusd"}, set())
    watched.at(340, "one dogeusd", "one ltcusd", "other dogeusd")
    assert watched.raised(PAIR) == set()


def test_a_delisted_pair_is_silent_no_longer(watched: Watched) -> None:
    watched.at(0, "one dogeusd", "one ltcusd", "other dogeusd")
    watched.at(310, "one dogeusd", "other dogeusd")
    tags = f"base=ltc,exchange={watched.one},kind=delisted,pair=ltcusd,quote=usd"
    watched.operator.write("events", f'pair_event,{tags} detail="" {int(watched.now_s) * NS}'.encode())
    watched.at(340, "one dogeusd", "other dogeusd")
    assert watched.raised(PAIR) == set()


def test_a_silent_pair_stays_told_over_a_restart_and_over_a_day(watched: Watched) -> None:
    watched.at(0, "one dogeusd", "one ltcusd", "other dogeusd")
    watched.at(310, "one dogeusd", "other dogeusd")
    watched.began_s += 25 * 3600 - 310  # the day before is all that a new process looks at
    watched.start()
    watched.at(310)
    assert watched.raised(PAIR) == {"one ltcusd"}
    watched.state()
    watched.at(310, "one dogeusd", "other dogeusd")
    assert watched.raised(PAIR) == {"one ltcusd"}


def test_of_a_silent_exchange_no_pair_is_told(watched: Watched) -> None:
    watched.at(0, "one dogeusd", "one ltcusd", "other dogeusd")
    watched.at(310, "other dogeusd")
    assert (watched.raised(PAIR), watched.raised(EXCHANGE)) == (set(), {"one"})


def test_a_collector_that_says_nothing_is_told_once_and_not_for_each_exchange(watched: Watched) -> None:
    watched.at(0, "one dogeusd", "other dogeusd")
    watched.at(310)
    assert (watched.raised(COLLECTOR), watched.raised(EXCHANGE)) == ({"collector"}, set())
    watched.at(340, "one dogeusd", "other dogeusd")
    assert watched.raised(COLLECTOR) == set()


def test_tasks_that_do_not_run_are_told_also_when_the_database_is_away(watched: Watched) -> None:
    watched.settings = msgspec.structs.replace(watched.settings, influx_port=free_port())
    watched.start()
    for second, told in ((0, set()), (290, set()), (310, {"tasks"})):
        with pytest.raises(Away):
            watched.at(second)
        assert watched.raised(TASKS) == told


@pytest.mark.parametrize(
    ("hour", "status", "silent", "failed"), [(1, "success", set(), set()), (2, "failed", {"tasks"}, {"tasks"})]
)
def test_only_tasks_that_run_and_end_well_are_no_silence(
    watched: Watched, hour: int, status: str, silent: set[str], failed: set[str]
) -> None:
    run = f'runs,status={status},taskID=0000000000000001 finishedAt="" {int(watched.began_s + hour * 3600) * NS}'
    watched.operator.write("_tasks", run.encode())
    watched.at(hour * 3600 + 200)
    assert (watched.raised(TASKS), watched.raised("failed tasks")) == (silent, failed)


def test_a_collector_that_was_gone_before_the_watch_began_is_told(watched: Watched) -> None:
    watched.at(0, "one dogeusd", "other dogeusd")
    watched.start()
    watched.at(7200)
    assert watched.raised(COLLECTOR) == {"collector"}
