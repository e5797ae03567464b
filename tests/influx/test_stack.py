"""Setup on the real influxd: everything is made once, nothing twice, and what is the user's own is left alone."""

import re
import stat
import time
from typing import Any

import msgspec
import pytest

from influx import jobs, schema, tokens
from influx.client import Database, Forbidden, Refused
from influx.settings import Settings
from influx.stack import Listing, Setup
from influx.template import manifest


def operator_of(settings: Settings) -> Database:
    return Database(settings.url, settings.influx_org, tokens.read(settings, tokens.OPERATOR) or "", "operator")


def tasks_of(database: Database) -> dict[str, dict[str, Any]]:
    listed: dict[str, Any] = database.request("GET", "tasks", dict[str, Any], limit="100")
    return {task["name"]: task for task in listed["tasks"]}


def test_an_empty_database_gets_its_whole_shape(empty_influxd: Settings) -> None:
    changes = Setup(empty_influxd).run()
    assert changes[0] == "onboarded organisation coinwatch"
    database = operator_of(empty_influxd)
    buckets = {bucket.name for bucket in database.request("GET", "buckets", Listing).buckets}
    assert {bucket.name for bucket in schema.BUCKETS} <= buckets
    assert {job.name for job in jobs.jobs(empty_influxd)} <= set(tasks_of(database))
    database.close()


def test_a_second_run_changes_nothing(influxd: Settings) -> None:
    before = {name: tokens.read(influxd, name) for name in ("operator", "collector", "api", "grafana", "hook")}
    assert Setup(influxd).run() == []
    assert {name: tokens.read(influxd, name) for name in before} == before


def test_a_changed_flux_file_updates_its_task_in_place(
    empty_influxd: Settings,
) -> None:
    Setup(empty_influxd).run()
    database = operator_of(empty_influxd)
    before = tasks_of(database)
    changed = msgspec.structs.replace(empty_influxd, silent_after=20 * 60)
    assert Setup(changed).run() == ["updated task board"]
    after = tasks_of(database)
    assert after["hourly"]["id"] == before["hourly"]["id"]
    assert after["board"]["id"] == before["board"]["id"]
    assert re.search(r"silent_after: (20m|1200000000us)\b", after["board"]["flux"])
    assert Setup(changed).run() == []
    database.close()


def test_what_the_user_made_by_hand_is_left_alone(empty_influxd: Settings) -> None:
    Setup(empty_influxd).run()
    database = operator_of(empty_influxd)
    org = database.request("GET", "orgs", Listing).orgs[0].id
    text = 'option task = {name: "mine", every: 1h}\n\nfrom(bucket: "quotes") |> range(start: -1m)'
    database.request("POST", "tasks", Any, {"orgID": org, "flux": text})
    database.request("POST", "buckets", Any, {"orgID": org, "name": "mine", "retentionRules": []})
    mine = tasks_of(database)["mine"]
    Setup(msgspec.structs.replace(empty_influxd, silent_after=20 * 60)).run()
    assert tasks_of(database)["mine"]["flux"] == mine["flux"]
    assert "mine" in {bucket.name for bucket in database.request("GET", "buckets", Listing, name="mine").buckets}
    database.close()


def test_a_resource_that_was_deleted_by_hand_is_made_again(empty_influxd: Settings) -> None:
    Setup(empty_influxd).run()
    database = operator_of(empty_influxd)
    database.request("DELETE", f"tasks/{tasks_of(database)['daily']['id']}", Any)
    assert Setup(empty_influxd).run() == ["made task daily"]
    database.close()


@pytest.mark.parametrize("name", ["operator", "password", "hook", "collector", "api", "grafana"])
def test_every_secret_is_in_a_file_that_only_its_owner_reads(influxd: Settings, name: str) -> None:
    assert stat.S_IMODE(tokens.path(influxd, name).stat().st_mode) == 0o600


@pytest.mark.parametrize("role", tokens.ROLES, ids=lambda role: role.name)
@pytest.mark.parametrize("bucket", [bucket.name for bucket in schema.BUCKETS])
def test_each_token_may_do_what_its_service_does_and_no_more(influxd: Settings, role: tokens.Role, bucket: str) -> None:
    database = tokens.connect(influxd, role)
    assert database is not None
    if bucket in role.writes:
        database.write(bucket, f"allowed value=1 {time.time_ns()}".encode())
    else:
        with pytest.raises(Forbidden, match=role.name):
            database.write(bucket, b"forbidden value=1 1")
    text = f'from(bucket: "{bucket}") |> range(start: -1m) |> limit(n: 1)'
    if bucket in role.reads:
        database.query_csv(text)
    else:
        with pytest.raises(Refused, match="could not find bucket"):
            database.query_csv(text)
    with pytest.raises((Forbidden, Refused)):
        database.request("POST", "buckets", Any, {"orgID": "0" * 16, "name": "more", "retentionRules": []})
    database.close()


def test_a_lost_token_is_made_again_and_the_old_one_ends(empty_influxd: Settings) -> None:
    Setup(empty_influxd).run()
    old = tokens.connect(empty_influxd, tokens.COLLECTOR)
    assert old is not None
    tokens.path(empty_influxd, "collector").unlink()
    assert Setup(empty_influxd).run() == ["made the token collector"]
    with pytest.raises(Forbidden):
        old.query_csv('from(bucket: "quotes") |> range(start: -1m)')
    old.close()


def test_a_database_that_others_set_up_asks_for_an_operator_token(empty_influxd: Settings) -> None:
    Setup(empty_influxd).run()
    token = tokens.read(empty_influxd, tokens.OPERATOR)
    tokens.path(empty_influxd, tokens.OPERATOR).unlink()
    with pytest.raises(Forbidden, match=r"set up already.*INFLUX_TOKEN"):
        Setup(empty_influxd).run()
    assert token is not None
    assert Setup(msgspec.structs.replace(empty_influxd, influx_token=token)).run() == []


def test_an_unknown_organisation_is_named(influxd: Settings) -> None:
    with pytest.raises(Refused, match="no organisation elsewhere; set INFLUX_ORG"):
        Setup(msgspec.structs.replace(influxd, influx_org="elsewhere")).run()


def test_the_manifest_holds_no_secret(influxd: Settings) -> None:
    text = msgspec.json.encode(manifest(influxd)).decode()
    for name in ("operator", "hook", "password"):
        assert (tokens.read(influxd, name) or "?") not in text
