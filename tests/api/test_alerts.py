"""What must alert, what must not, and that each is logged once: on the real database, with the time handed in."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from api.alerts import Receiver
from api.due import Due
from api.link import Link
from api.problems import Away
from collector.replay import Replay
from influx import tokens
from influx.client import Database
from influx.judge import Series, judge_tick, moment
from influx.settings import Settings
from tests.api.alert_chain import HOUR_S, MINUTE_S, NS, Chain
from tests.influx.task_runs import run_task
from tests.ports import free_port


@pytest.fixture
def chain(influxd: Settings, operator: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Chain:
    return Chain(influxd, operator, tmp_path / "home", caplog)


def rfc3339(time_s: int) -> str:
    return datetime.fromtimestamp(time_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("metric", ["price", "volume"])
def test_a_value_above_three_times_its_hours_mean_alerts_and_one_of_three_times_does_not(
    chain: Chain, metric: str
) -> None:
    other = {"price": "volume", "volume": "price"}[metric]
    chain.quotes(chain.hour(), {metric: 100, other: 5}, pair="more/usd")
    chain.quotes(chain.hour(), {metric: 100, other: 5}, pair="three/usd")
    chain.quotes([chain.tick_s], {metric: 301, other: 5}, pair="more/usd")
    chain.quotes([chain.tick_s], {metric: 300, other: 5}, pair="three/usd")
    chain.run(f"{metric}_3x")
    chain.reconcile()
    (record,) = chain.records
    assert record["message"] == ("Alert 301 moreusd" if metric == "price" else "Alert 5 moreusd")
    names = ("metric", "value", "mean", "ratio", "rule", "time", "late")
    assert [record[name] for name in names] == [
        *(metric, 301.0, 100.0, 3.01, f"{metric}_3x"),
        *(rfc3339(chain.tick_s), False),
    ]


def test_three_times_a_mean_that_has_no_exact_form_does_not_alert(chain: Chain) -> None:
    chain.quotes(chain.hour(), {"price": 0.1})
    chain.quotes([chain.tick_s], {"price": 0.3})
    chain.run()
    chain.reconcile()
    assert chain.lines == []


def test_what_was_traded_in_a_minute_alerts_by_its_own_rule_and_floor(chain: Chain) -> None:
    for pair, volume, close in (("more/usd", 3001, 10), ("equal/usd", 3000, 10), ("small/usd", 3001, 3)):
        chain.candles(chain.hour(), {"volume": 100, "close": close}, pair=pair)
        chain.candles([chain.tick_s], {"volume": volume, "close": close}, pair=pair)
    chain.run("traded_30x")
    chain.reconcile()
    (record,) = chain.records
    assert record["message"] == "Alert 10 moreusd"
    assert (record["metric"], record["value"], record["mean"]) == ("traded", 3001.0, 100.0)


def test_a_step_that_stays_high_logs_each_value_and_is_one_episode(chain: Chain) -> None:
    chain.quotes(chain.hour(), {"price": 100})
    ticks = range(chain.tick_s, chain.tick_s + 10 * MINUTE_S, MINUTE_S)
    for number, tick_s in enumerate(ticks):
        chain.quotes([tick_s], {"price": 1000 + number})
        chain.run(tick_s=tick_s)
    chain.reconcile()
    assert chain.lines == [f"Alert {1000 + number} dogeusd" for number in range(10)]
    chain.now_s += 601
    assert chain.receiver.episodes.close({}, chain.now_s) == 1


@pytest.mark.parametrize(("values", "alerts"), [(9, 0), (10, 1)])
def test_an_hour_of_nine_values_is_too_little_to_judge_by(chain: Chain, values: int, alerts: int) -> None:
    chain.quotes(chain.hour(values), {"price": 100})
    chain.quotes([chain.tick_s], {"price": 301})
    chain.run()
    chain.reconcile()
    assert len(chain.lines) == alerts


def test_holes_in_the_hour_do_not_shift_it(chain: Chain) -> None:
    chain.quotes(range(chain.tick_s - HOUR_S, chain.tick_s, 5 * MINUTE_S), {"price": 100})
    chain.quotes([chain.tick_s - HOUR_S - MINUTE_S], {"price": 100_000})
    chain.quotes([chain.tick_s], {"price": 301})
    chain.run()
    chain.reconcile()
    assert [record["mean"] for record in chain.records] == [100.0]


def test_the_same_poll_written_and_judged_twice_alerts_once(chain: Chain) -> None:
    chain.quotes(chain.hour(), {"price": 100})
    for _ in range(2):
        chain.quotes([chain.tick_s], {"price": 301})
        chain.run()
        chain.reconcile()
    assert chain.lines == ["Alert 301 dogeusd"]


def test_one_pair_on_two_exchanges_is_told_apart(chain: Chain) -> None:
    for suffix, price in (("a", 100), ("b", 1)):
        chain.quotes(chain.hour(), {"price": price}, exchange=f"{chain.exchange}{suffix}")
        chain.quotes([chain.tick_s], {"price": 301}, exchange=f"{chain.exchange}{suffix}")
    chain.run()
    chain.reconcile()
    assert sorted((record["exchange"], record["mean"]) for record in chain.records) == [
        (f"{chain.exchange}a", 100.0),
        (f"{chain.exchange}b", 1.0),
    ]


def test_a_mean_of_zero_says_nothing(chain: Chain) -> None:
    chain.quotes(chain.hour(), {"price": 1, "volume": 0})
    chain.quotes([chain.tick_s], {"price": 1, "volume": 5})
    chain.run("volume_3x")
    chain.reconcile()
    assert chain.lines == []


def test_a_frozen_pair_that_comes_back_after_days_is_judged_on_its_hour_alone(chain: Chain) -> None:
    before = range(chain.tick_s - 3 * 24 * HOUR_S, chain.tick_s - 2 * 24 * HOUR_S, 10 * MINUTE_S)
    for pair, values in (("early/usd", 9), ("back/usd", 20)):
        chain.quotes(before, {"price": 1000}, pair=pair)
        chain.quotes(chain.hour(values), {"price": 1}, pair=pair)
        chain.quotes([chain.tick_s], {"price": 3.5}, pair=pair)
    chain.run()
    chain.reconcile()
    assert chain.lines == ["Alert 3.5 backusd"]


@pytest.mark.parametrize("healed", [False, True], ids=["spooled", "healed"])
def test_a_spike_that_comes_late_is_judged_afterwards_and_logged_once_with_its_own_time(
    chain: Chain, healed: bool
) -> None:
    chain.reconcile()
    chain.run()
    more = {"healed": True} if healed else {}
    chain.quotes(chain.hour(), {"price": 100, **more})
    chain.quotes([chain.tick_s], {"price": 301, **more})
    first, last = rfc3339(chain.hour()[0]), rfc3339(chain.tick_s)
    line = (
        f'late_range,exchange={chain.exchange},measurement=quote start="{first}",stop="{last}" {int(chain.now_s * NS)}'
    )
    chain.operator.write("events", line.encode())
    chain.now_s += 16  # what may still grow waits until it is quiet
    chain.reconcile()
    chain.now_s += 16
    chain.reconcile()
    (record,) = chain.records
    assert record["message"] == "Alert 301 dogeusd"
    assert (record["time"], record["late"]) == (rfc3339(chain.tick_s), True)


def test_an_exchange_that_answers_after_the_check_is_judged_at_the_next_look(chain: Chain) -> None:
    tick_s = int(chain.now_s) - int(chain.now_s) % MINUTE_S
    chain.tick_s = tick_s
    chain.reconcile()
    chain.quotes(chain.hour(), {"price": 100})
    chain.run()
    chain.quotes([tick_s], {"price": 301})
    time = rfc3339(tick_s)
    line = (
        f'late_range,exchange={chain.exchange},measurement=quote start="{time}",stop="{time}" {int(chain.now_s * NS)}'
    )
    chain.operator.write("events", line.encode())
    chain.reconcile()
    assert chain.lines == ["Alert 301 dogeusd"]


def test_a_tick_whose_run_was_missed_is_judged_and_a_judged_one_is_not_judged_again(chain: Chain) -> None:
    chain.tick_s -= 1800  # where no other test has judged
    chain.now_s = chain.tick_s + 30.0
    asked = [chain.check("price_3x"), chain.check("volume_3x")]
    chain.reconciler.find_missed(asked)  # from here on ticks are looked for
    chain.quotes(chain.hour(), {"price": 100})
    spikes = [chain.tick_s + MINUTE_S, chain.tick_s + 2 * MINUTE_S]
    chain.quotes(spikes, {"price": 1000})
    run_task(chain.operator, "check_price_3x+volume_3x", moment(spikes[1]))
    chain.now_s = spikes[1] + 30.0
    chain.reconciler.find_missed(asked)
    found = []
    while (due := chain.reconciler.due.newest(chain.now_s)) is not None:
        found.append((due.check, due.first_s, due.last_s))
        chain.reconciler.work()
    assert found == [("price_3x", spikes[0], spikes[0]), ("volume_3x", spikes[0], spikes[0])]
    assert [(record["time"], record["late"]) for record in chain.records] == [(rfc3339(spikes[0]), True)]


def test_a_run_has_judged_the_tick_of_its_time_unless_it_failed(chain: Chain) -> None:
    chain.tick_s -= 2400
    check = chain.check("traded_30x")
    chain.now_s = chain.tick_s + check.back_s + check.after_s + 30.0
    chain.reconciler.find_missed([check])  # from here on ticks are looked for
    ticks = [chain.tick_s + number * MINUTE_S for number in (1, 2, 3)]
    run_task(chain.operator, "check_traded_30x", moment(ticks[0] + check.back_s))
    failed = f'name="check_traded_30x",scheduledFor="{rfc3339(ticks[1] + check.back_s)}"'
    chain.operator.write("_tasks", f"runs,status=failed,taskID=traded {failed} {ticks[1] * NS}".encode())
    chain.now_s += 3 * MINUTE_S
    chain.reconciler.find_missed([check])
    assert chain.reconciler.due.newest(chain.now_s) == Due("traded_30x", "", ticks[1], ticks[2])


def test_a_home_that_is_new_logs_nothing_again(
    chain: Chain, influxd: Settings, operator: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    chain.quotes(chain.hour(), {"price": 100})
    chain.quotes([chain.tick_s], {"price": 301})
    chain.run()
    chain.reconcile()
    other = Chain(influxd, operator, tmp_path / "new", caplog)
    other.exchange = chain.exchange
    other.reconcile()
    assert chain.lines == ["Alert 301 dogeusd"]


def test_an_alert_that_can_not_be_stored_is_not_logged_until_it_can(chain: Chain) -> None:
    chain.quotes(chain.hour(), {"price": 100})
    chain.quotes([chain.tick_s], {"price": 301})
    statuses = judge_tick(
        chain.operator, chain.check(), chain.tick_s, [Series(chain.exchange, "dogeusd", 0, 0)], writes=False
    )
    nowhere = msgspec.structs.replace(chain.settings, influx_port=free_port())
    lost = Receiver(nowhere, Link(nowhere, role=tokens.JUDGE))
    with pytest.raises(Away):
        lost.receive(statuses)
    assert chain.lines == []
    assert chain.receiver.receive(statuses) == 1
    assert chain.receiver.receive(statuses) == 0
    assert chain.lines == ["Alert 301 dogeusd"]


def test_a_spike_of_a_replayed_recording_is_judged_by_its_own_time(chain: Chain, tmp_path: Path) -> None:
    chain.reconcile()
    rows = [f"{time_s},100,100,100,100,5" for time_s in chain.hour()] + [f"{chain.tick_s},301,301,301,301,5"]
    file = tmp_path / "candles.csv"
    file.write_text("\n".join(["time,open,high,low,close,volume", *rows]))
    replay = Replay(chain.operator, chain.exchange, "doge/usd", Console(stderr=True))
    assert replay.run([file], chain.now_s, shift=False) == 0
    for _ in range(2):
        chain.now_s += 16
        chain.reconcile()
    assert [(record["message"], record["time"], record["late"]) for record in chain.records] == [
        ("Alert 301 dogeusd", rfc3339(chain.tick_s + MINUTE_S), True)  # a candle's close is the quote at its end
    ]


def test_catching_up_rests_as_long_as_it_works_and_not_at_all_before_a_fresh_tick(chain: Chain) -> None:
    fresh_s = int(chain.now_s) // MINUTE_S * MINUTE_S
    chain.reconciler.due.add(
        [Due("price_3x", chain.exchange, at, at) for at in (chain.tick_s, fresh_s)], chain.now_s - 60
    )
    rest_s = chain.reconciler.work()
    assert rest_s == 0.0  # the fresh tick went first
    rest_s = chain.reconciler.work()
    assert rest_s is not None
    assert rest_s > 0.0
    assert chain.reconciler.work() is None
