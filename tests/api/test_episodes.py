"""Episodes: what is told of values that break a rule one after the other."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from api.alert import NS, Alert
from api.alert_file import AlertFile
from api.episodes import SHAPE, Episodes
from api.outbox import GATHER_S, Outbox
from influx.rules import Duration, Ratio, Rule
from influx.settings import Secret, Settings

RULE = Ratio(name="price_3x", metric="price", factor=3.0, cool_down=Duration(600), further=1.5)
NOW_S = 1_795_509_180.0
NONE: Mapping[str, object] = {}
ALERT = Alert("kraken", "dogeusd", "price", "price_3x", int(NOW_S) * NS, 4.0, 4.0, 1.0, 4.0, False)


class Told:
    """Episodes with two channels, and what waits for them."""

    def __init__(self, home: Path) -> None:
        urls = Secret("ops=json://127.0.0.1:9 desk=json://127.0.0.1:9")
        self.settings = Settings(home=home, channels=urls, public_url="https://coins.example/")
        self.episodes, self.outbox = Episodes(self.settings), Outbox(self.settings)
        self.file = AlertFile(self.settings, SHAPE)

    def take(self, minute: float, ratio: float, changes: Mapping[str, object] = NONE, of: Rule = RULE) -> None:
        """An alert so many minutes after the first."""
        time_ns = ALERT.time_ns + int(minute * 60) * NS
        alert = msgspec.structs.replace(ALERT, **{"time_ns": time_ns, "value": ratio, "ratio": ratio, **changes})
        with self.file.change() as change:
            self.episodes.take(change, [alert], {of.name: of}, NOW_S + minute * 60)

    def close(self, minute: float) -> None:
        """What has been quiet by then ends."""
        self.episodes.close({RULE.name: RULE}, NOW_S + minute * 60)

    def titles(self, channel: str = "ops") -> list[str]:
        """What waits for a channel."""
        return [one.message.title for one in self.outbox.due(channel, NOW_S * 2)]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    return Told(tmp_path)


FIRST = "Alert 4 dogeusd on kraken"


def test_a_series_of_values_is_told_once_when_it_begins_and_once_when_it_is_over(told: Told) -> None:
    for minute in range(5):
        told.take(minute, 4.0)
    told.close(13.9)
    assert told.titles() == [FIRST]
    told.close(14)
    told.close(15)
    assert told.titles() == [FIRST, "Over: dogeusd on kraken"]


def test_a_new_high_is_told_from_the_rules_step_on(told: Told) -> None:
    for minute, ratio in enumerate([4.0, 5.9, 6.0, 8.9, 9.0, 4.0]):
        told.take(minute, ratio)
    assert told.titles() == [FIRST] + [f"Further: {FIRST}"] * 2


def test_a_value_within_the_cool_down_belongs_to_the_episode_and_one_after_it_begins_another(told: Told) -> None:
    told.take(0, 4.0)
    told.take(10, 4.0)
    told.take(20.5, 4.0)
    assert told.titles() == [FIRST, FIRST]


def test_values_that_come_late_join_the_episode_of_their_own_time(told: Told) -> None:
    told.take(0, 4.0)
    told.take(0, 4.0, {"time_ns": ALERT.time_ns - 5 * 60 * NS})
    told.take(0, 4.0, {"time_ns": ALERT.time_ns - 3600 * NS})
    assert told.titles() == [FIRST, FIRST]


@pytest.mark.parametrize(
    "changes", [{"exchange": "okx"}, {"pair": "ltcusd"}, {"rule": "other"}], ids=["exchange", "pair", "rule"]
)
def test_each_series_and_rule_has_its_own_episode(told: Told, changes: Mapping[str, object]) -> None:
    told.take(0, 4.0)
    told.take(1, 4.0, changes)
    assert len(told.titles()) == 2


def test_a_fall_goes_further_as_it_gets_deeper(told: Told) -> None:
    for minute, ratio in enumerate([0.9, 0.8, 0.6, 0.59, 0.0]):
        told.take(minute, ratio)
    assert told.titles() == [FIRST] + [f"Further: {FIRST}"] * 2


def test_a_rules_channels_are_told_and_no_others(told: Told) -> None:
    told.take(0, 4.0, of=msgspec.structs.replace(RULE, channels=["de*"]))
    assert (told.titles("ops"), told.titles("desk")) == ([], [FIRST])


def test_the_message_says_what_happened_and_where_to_look(told: Told) -> None:
    told.take(0, 4.0, {"late": True})
    (waiting,) = told.outbox.due("ops", NOW_S + GATHER_S)
    assert waiting.message.text.splitlines() == [
        "price 4 is 4 x its mean 1 of the hour before",
        "price 4 at 2026-11-24 08:33:00 UTC, judged late; rule price_3x",
    ]
    assert waiting.message.link == "https://coins.example/#pair=dogeusd"


def test_the_end_says_how_many_values_there_were_and_how_high(told: Told) -> None:
    for minute, ratio in enumerate([4.0, 5.0, 4.0]):
        told.take(minute, ratio)
    told.close(60)
    assert told.outbox.due("ops", NOW_S * 2)[-1].message.text.splitlines() == [
        "3 values in 2 min from 2026-11-24 08:33:00 UTC on, 5 x at most",
        "rule price_3x",
    ]


def test_nothing_is_queued_where_there_is_no_channel(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    episodes, file = Episodes(settings), AlertFile(settings, SHAPE)
    with file.change() as change:
        episodes.take(change, [ALERT], {}, NOW_S)
    assert file.rows("SELECT * FROM outbox") == []
    assert len(file.rows("SELECT * FROM episode")) == 1
