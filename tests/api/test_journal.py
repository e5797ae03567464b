"""Each alert stands in logs/api.log once: doubles, several processes, kill -9 at every step, a log that is moved."""

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from api.alert import Alert
from api.alert_file import AlertFile
from api.journal import Journal
from api.problems import Away
from influx.settings import Settings
from tests.api.logging_process import NS, made, nothing

COUNT = 4


def logs(home: Path, form: str = "text", kill: str = "never:0") -> int:
    """The exit code of a process that logs the batch."""
    command = [sys.executable, "-m", "tests.api.logging_process", str(home), form, str(COUNT), kill]
    return subprocess.run(command, stderr=subprocess.DEVNULL, timeout=60, check=False).returncode


def logged(home: Path, form: str = "text") -> list[str]:
    """The alerts' messages in the log's files."""
    lines = [line for path in sorted((home / "logs").glob("api.log*")) for line in path.read_text().splitlines()]
    if form == "json":
        return [msgspec.json.decode(line)["message"] for line in lines]
    return [line.split(" coinwatch.alerts ")[1] for line in lines]


KILLS = [f"before:{number}" for number in range(COUNT)] + [f"after:{number}" for number in range(1, COUNT + 1)]


@pytest.mark.parametrize("kill", KILLS)
def test_a_process_that_is_killed_at_any_step_leaves_nothing_out_and_nothing_twice(tmp_path: Path, kill: str) -> None:
    assert logs(tmp_path, kill=kill) == -9
    assert logs(tmp_path) == 0
    assert logged(tmp_path) == [alert.message for alert in made(COUNT)]


def test_the_same_holds_for_a_log_of_json(tmp_path: Path) -> None:
    assert logs(tmp_path, "json", "after:2") == -9
    assert logs(tmp_path, "json") == 0
    assert logged(tmp_path, "json") == [alert.message for alert in made(COUNT)]


def test_a_log_that_was_moved_aside_between_kill_and_start_is_counted_all_the_same(tmp_path: Path) -> None:
    assert logs(tmp_path, kill="after:2") == -9
    (tmp_path / "logs" / "api.log").rename(tmp_path / "logs" / "api.log.1")
    assert logs(tmp_path) == 0
    assert sorted(logged(tmp_path)) == sorted(alert.message for alert in made(COUNT))


def test_alerts_that_the_log_did_not_take_are_logged_later(tmp_path: Path) -> None:
    journal = Journal(Settings(home=tmp_path))
    assert logs(tmp_path) == 0
    later = [msgspec.structs.replace(alert, time_ns=1) for alert in made(COUNT)]
    with pytest.raises(Away, match="did not take the alerts"):
        journal.log_once(later, lambda alert: None, nothing)

    def write(alert: Alert) -> None:
        with (tmp_path / "logs" / "api.log").open("a") as log:
            log.write(f"2026-11-24T08:33:00Z WARNING coinwatch.alerts {alert.message}\n")

    assert journal.log_once([], write, nothing) == 0
    assert logged(tmp_path) == [alert.message for alert in made(COUNT)] * 2
    assert journal.unknown(later) == []


def test_several_processes_that_have_the_same_alerts_log_each_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: logs(tmp_path), range(4))) == [0, 0, 0, 0]
    assert Counter(logged(tmp_path)) == Counter(alert.message for alert in made(COUNT))


def test_threads_of_one_process_log_each_once(tmp_path: Path) -> None:
    journal = Journal(Settings(home=tmp_path))
    written: list[Alert] = []
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _: journal.log_once(made(COUNT), written.append, nothing), range(8)))
    assert sum(counts) == COUNT
    assert written == made(COUNT)


def test_alerts_that_differ_in_any_part_of_their_identity_are_others(tmp_path: Path) -> None:
    journal = Journal(Settings(home=tmp_path))
    (alert,) = made(1)
    journal.remember([alert.identity])
    changes = {"exchange": "okx", "pair": "ltcusd", "metric": "volume", "rule": "other", "time_ns": 1}
    others = [msgspec.structs.replace(alert, **{name: value}) for name, value in changes.items()]
    same = msgspec.structs.replace(alert, price=9.0, value=9.0, late=True)
    assert journal.unknown([alert, same, *others, *others]) == others


def test_what_can_not_come_again_is_forgotten(tmp_path: Path) -> None:
    journal = Journal(Settings(home=tmp_path))
    (alert,) = made(1)
    journal.remember([alert.identity])
    journal.forget(alert.time_ns)
    assert journal.unknown([alert]) == []
    journal.forget(alert.time_ns + 1)
    assert journal.unknown([alert]) == [alert]


def test_other_exchanges_that_show_the_same_are_counted(tmp_path: Path) -> None:
    journal = Journal(Settings(home=tmp_path))
    (alert,) = made(1)
    near = [
        msgspec.structs.replace(alert, exchange=name, time_ns=alert.time_ns + ago * NS)
        for name, ago in (("okx", 60), ("okx", 0), ("bybit", -60), ("gemini", 3600))
    ]
    other_pair = msgspec.structs.replace(alert, exchange="htx", pair="ltcusd")
    journal.remember(one.identity for one in [alert, *near, other_pair])
    assert journal.elsewhere(alert, 120 * NS) == 2


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    file = AlertFile(Settings(home=tmp_path), "CREATE TABLE IF NOT EXISTS kept (number INTEGER)")

    def fails() -> None:
        with file.change() as change:
            change.execute("INSERT INTO kept VALUES (1)")
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert file.rows("SELECT * FROM kept") == []
    file.close()
