"""The whole alert chain as it runs: the database's own task and notification rule, `python -m api`, its log.

Faults are real: processes are killed with -9 while alerts are under way, and every spike is logged exactly once.
"""

import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest

from api.alert_list import Found
from influx import flux, server, server_process, tokens, trial_alert
from influx.client import Database
from influx.judge import Status, moment
from influx.settings import Settings
from influx.stack import Setup
from influx.trial_alert import Stopped, Trial
from tests.api.process import Api
from tests.eventually import eventually
from tests.ports import free_port

INTERVAL_S = 5
MINUTE_S = 60
NS = 10**9
WITHIN_S = 60


class Stage:
    """An influxd of the module's own with ticks of 5 s, and an API; both can be killed and started again."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home, influx_port=free_port(), api_port=free_port(), interval=INTERVAL_S)
        self._influxd: subprocess.Popen[bytes] | None = None
        self._api: Api | None = None

    def start_influxd(self) -> None:
        binary = server.find()
        assert binary is not None, "there is no influxd; run make influxd"
        for folder in ("influxd", "logs"):
            (self.settings.home / folder).mkdir(parents=True, exist_ok=True)
        with (self.settings.home / "logs" / "influxd.log").open("ab") as log:
            self._influxd = subprocess.Popen(server_process.command(binary, self.settings), stdout=log, stderr=log)
        server_process.wait_until_ready(self.settings, self._influxd)

    def kill_influxd(self) -> None:
        assert self._influxd is not None
        self._influxd.kill()
        self._influxd.wait()

    def start_api(self) -> None:
        self._api = Api(self.settings, workers=2)
        eventually(lambda: self._api and len(self._api.workers()) == 2, "the workers are there")

    def kill_api(self) -> None:
        """Kills all its processes at once, as a power cut would."""
        assert self._api is not None
        family = [psutil.Process(self._api.process.pid), *self._api.workers()]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._api.process.wait()
        self._api.reading.join()
        self._api = None

    def end(self) -> None:
        if self._api is not None:
            self.kill_api()
        self.kill_influxd()

    @property
    def database(self) -> Database:
        return Database(
            self.settings.url, self.settings.influx_org, tokens.read(self.settings, tokens.OPERATOR) or "", "operator"
        )

    def spike(self, name: str, count: int = 1, fields: Sequence[str] = ("price",)) -> int:
        """Writes an hour of 100 and then a tick of 301 in the fields, for pairs of that name; answers the tick."""
        tick_s = (int(time.time()) // INTERVAL_S + 1) * INTERVAL_S
        hour = [tick_s - minute * MINUTE_S for minute in range(1, 61)]
        series = [
            f"quote,base={name}{number},exchange=kraken,pair={name}{number}usd,quote=usd" for number in range(count)
        ]
        usual, high = (",".join(f"{field}={value}" for field in fields) for value in (100, 301))
        self.database.write("quotes", "\n".join(f"{one} {usual} {at * NS}" for one in series for at in hour).encode())
        self.database.write("quotes", "\n".join(f"{one} {high} {tick_s * NS}" for one in series).encode())
        return tick_s

    def raised(self, name: str) -> list[Status]:
        """The statuses of such pairs."""
        params: flux.Options = {"from": moment(int(time.time()) - 600)}
        rows = self.database.query(flux.source("queries/statuses"), Status, {"params": params})
        return [row for row in rows if row.pair.startswith(name)]

    def stored(self, pair: str) -> list[float]:
        """The ratios of a pair's alerts in the alerts bucket."""
        params: flux.Options = {
            "from": moment(int(time.time()) - 3600),
            "to": moment(int(time.time()) + 60),
            "pair": pair,
            "metric": "",
            "most": 10,
        }
        rows = self.database.query(flux.source("queries/alerts"), Found, {"params": params})
        return [row.ratio or 0 for row in rows]

    def logged(self, name: str) -> list[dict[str, Any]]:
        """The log's records of such pairs."""
        path = self.settings.home / "logs" / "api.log"
        lines = path.read_text().splitlines() if path.exists() else []
        records = [msgspec.json.decode(line, type=dict[str, Any]) for line in lines]
        return [record for record in records if record.get("pair", "").startswith(name)]

    def logs_each_once(self, name: str, count: int) -> None:
        """Waits for them all, and a look of the reconciler longer for any that come twice."""
        eventually(lambda: len(self.logged(name)) >= count, f"{count} lines of {name}", WITHIN_S, every_s=0.2)
        time_s = time.time()
        eventually(lambda: time.time() > time_s + 1.2 * INTERVAL_S, "time for doubles to come", WITHIN_S)
        assert Counter(record["pair"] for record in self.logged(name)) == {
            f"{name}{number}usd": 1 for number in range(count)
        }


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("COINWATCH_INTERVAL", f"{INTERVAL_S}s")
        environment.setenv("COINWATCH_LOG_FORMAT", "json")
        stage = Stage(tmp_path_factory.mktemp("stage"))
        stage.start_influxd()
        Setup(stage.settings).run()
        stage.start_api()
        yield stage
        stage.end()


def test_a_spike_is_logged_by_the_databases_own_task_and_rule_and_stored(stage: Stage) -> None:
    tick_s = stage.spike("plain")
    stage.logs_each_once("plain", 1)
    (record,) = stage.logged("plain")
    assert record["message"] == "Alert 301 plain0usd"
    assert (record["level"], record["logger"], record["late"]) == ("WARNING", "coinwatch.alerts", False)
    assert record["time"] == moment(tick_s).isoformat().replace("+00:00", "Z")
    assert stage.stored("plain0usd") == [3.01]


def test_one_run_of_the_database_brings_the_alerts_of_price_and_volume(stage: Stage) -> None:
    tick_s = stage.spike("twofold", fields=["price", "volume"])
    eventually(lambda: len(stage.logged("twofold")) == 2, "both lines", WITHIN_S, every_s=0.2)
    assert sorted((one["metric"], one["rule"], one["value"], one["late"]) for one in stage.logged("twofold")) == [
        ("price", "price_3x", 301, False),
        ("volume", "volume_3x", 301, False),
    ]
    assert {one["time"] for one in stage.logged("twofold")} == {moment(tick_s).isoformat().replace("+00:00", "Z")}


def test_a_test_alert_goes_through_the_whole_chain_and_leaves_no_quotes(stage: Stage) -> None:
    told = list(Trial(stage.settings, stage.database).run())
    assert [line.split(" at ")[0] for line in told] == [
        "wrote a spike of 303",
        "the check price_3x raised a status",
        "the notification rule brought it to the API",
        "the API stored it",
        "the API logged it",
    ]
    left = 'from(bucket: "quotes") |> range(start: -2h) |> filter(fn: (r) => r.exchange == "coinwatch-test")'
    assert stage.database.query_csv(left).strip() == b""


def test_a_test_alert_says_at_which_link_it_stopped(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial_alert, "SENT_S", 2 * INTERVAL_S)
    stage.kill_api()
    with pytest.raises(Stopped, match="the notification rule did not reach the API"):
        list(Trial(stage.settings, stage.database).run())
    stage.start_api()


def test_what_fires_while_the_api_is_down_is_logged_when_it_is_back(stage: Stage) -> None:
    stage.kill_api()
    stage.spike("down", 3)
    eventually(lambda: len(stage.raised("down")) >= 3, "the statuses", WITHIN_S, every_s=0.5)
    stage.start_api()
    stage.logs_each_once("down", 3)


def test_an_api_that_is_killed_between_log_and_answer_logs_each_of_500_once(stage: Stage) -> None:
    stage.spike("killed", 500)
    for seen in (20, 150):
        eventually(lambda seen=seen: len(stage.logged("killed")) >= seen, f"{seen} lines", WITHIN_S, every_s=0.05)  # type: ignore[misc] # mypy has no type for a lambda's default
        stage.kill_api()
        stage.start_api()
    stage.logs_each_once("killed", 500)


def test_an_influxd_that_is_killed_between_check_and_rule_loses_no_alert(stage: Stage) -> None:
    stage.spike("restart", 3)
    eventually(lambda: len(stage.raised("restart")) >= 3, "the statuses", WITHIN_S, every_s=0.1)
    stage.kill_influxd()
    stage.start_influxd()
    stage.logs_each_once("restart", 3)


def test_ticks_whose_run_a_stopped_influxd_missed_are_judged_when_it_is_back(stage: Stage) -> None:
    stage.kill_influxd()
    tick_s = int(time.time()) // INTERVAL_S * INTERVAL_S
    eventually(lambda: time.time() > tick_s + 3 * INTERVAL_S, "some ticks pass", WITHIN_S)
    stage.start_influxd()
    missed_s = tick_s + INTERVAL_S
    lines = [f"price=100 {(missed_s - minute * MINUTE_S) * NS}" for minute in range(1, 61)] + [
        f"price=301 {missed_s * NS}"
    ]
    tags = "quote,base=missed0,exchange=kraken,pair=missed0usd,quote=usd"
    stage.database.write("quotes", "\n".join(f"{tags} {line}" for line in lines).encode())
    stage.logs_each_once("missed", 1)
    assert stage.logged("missed")[0]["late"] is True
