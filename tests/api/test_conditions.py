"""Conditions: raised once, ended once, over restarts."""

from pathlib import Path

import pytest

from api.conditions import Conditions
from api.outbox import Outbox
from influx.settings import Secret, Settings

NOW_S = 1_795_509_180.0


def test_both_ends_are_a_line_and_a_message(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "coinwatch.watch")
    settings = Settings(home=tmp_path, channels=Secret("ops=json://127.0.0.1:9"))
    now_s = NOW_S
    for shown in ({"kraken": "no quote"}, {"kraken": "no quote still"}, {"okx": "no quote"}, {}):
        now_s += 60
        Conditions(settings, lambda: now_s).settle("silent exchange", shown, "quotes again")  # noqa: B023 # it is called at once
    assert [record.getMessage() for record in caplog.records if record.name == "coinwatch.watch"] == [
        "kraken: no quote",
        "okx: no quote",
        "kraken: quotes again after 2 min",
        "okx: quotes again after 1 min",
    ]
    assert [one.message.title for one in Outbox(settings).due("ops", NOW_S * 2)] == [
        "kraken: silent exchange",
        "okx: silent exchange",
        "Over: kraken: silent exchange",
        "Over: okx: silent exchange",
    ]


def test_kinds_are_kept_apart(tmp_path: Path) -> None:
    conditions = Conditions(Settings(home=tmp_path), lambda: NOW_S)
    conditions.settle("spool", {"collector": "not empty"}, "empty")
    conditions.settle("series", {"collector": "many"}, "room")
    conditions.settle("spool", {}, "empty")
    assert (conditions.raised("spool"), conditions.raised("series")) == ({}, {"collector": NOW_S})
