"""Each container gets its own tokens and no other."""

from pathlib import Path

import pytest

from influx import rules, tokens
from influx.client import Forbidden
from influx.handout import ADMIN, hand_out
from influx.settings import Settings

MADE = (tokens.OPERATOR, tokens.HOOK, *(role.name for role in tokens.ROLES))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The home of a setup that has made its tokens."""
    settings = Settings(home=tmp_path / "setup")
    for name in MADE:
        tokens.keep(settings, name, f"the token of {name}")
    return settings


def handed(folder: Path) -> dict[str, set[str]]:
    return {home.name: {file.name for file in (home / "tokens").iterdir()} for home in folder.iterdir()}


def test_each_service_has_its_own_tokens_and_none_has_the_operators(settings: Settings, tmp_path: Path) -> None:
    list(hand_out(settings, tmp_path / "to"))
    assert handed(tmp_path / "to") == {
        "collector": {"collector"},
        "api": {"api", "judge", "hook"},
        "grafana": {"grafana", ADMIN},
    }


def test_every_token_that_setup_makes_for_a_service_is_handed_out(settings: Settings, tmp_path: Path) -> None:
    list(hand_out(settings, tmp_path / "to"))
    assert {role.name for role in tokens.ROLES} <= set().union(*handed(tmp_path / "to").values())


def test_a_token_arrives_whole_and_only_its_owner_can_read_it(settings: Settings, tmp_path: Path) -> None:
    list(hand_out(settings, tmp_path / "to"))
    file = tmp_path / "to" / "collector" / "tokens" / "collector"
    assert file.read_text() == "the token of collector"
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_second_run_changes_nothing_and_says_nothing(settings: Settings, tmp_path: Path) -> None:
    list(hand_out(settings, tmp_path / "to"))
    password = tokens.read(settings, ADMIN)
    assert list(hand_out(settings, tmp_path / "to")) == []
    assert tokens.read(settings, ADMIN) == password


def test_a_renewed_token_is_handed_out_again(settings: Settings, tmp_path: Path) -> None:
    list(hand_out(settings, tmp_path / "to"))
    tokens.keep(settings, "api", "a new one")
    assert list(hand_out(settings, tmp_path / "to")) == ["gave api the token api"]
    assert (tmp_path / "to" / "api" / "tokens" / "api").read_text() == "a new one"


def test_the_api_has_the_rules_that_the_database_was_set_up_with(settings: Settings, tmp_path: Path) -> None:
    rules.read(settings)
    rules.put_in_force(settings)
    assert "gave api the rules in force" in list(hand_out(settings, tmp_path / "to"))
    assert rules.in_force(Settings(home=tmp_path / "to" / "api")) == rules.read(settings)
    assert "gave api the rules in force" not in list(hand_out(settings, tmp_path / "to"))


def test_before_setup_it_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Forbidden, match="run python -m influx setup"):
        list(hand_out(Settings(home=tmp_path / "empty"), tmp_path / "to"))
