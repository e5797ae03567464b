"""Channels: how they are written, and that their secrets are shown nowhere."""

import pytest

from api.channels import channels, chosen
from influx.settings import Secret, Settings, SettingsError


def test_channels_are_named_urls() -> None:
    settings = Settings(channels=Secret("ops=slack://a/b/c\n  desk=mailto://user:pass@example.com?to=x@example.com"))
    assert channels(settings) == {"ops": "slack://a/b/c", "desk": "mailto://user:pass@example.com?to=x@example.com"}


@pytest.mark.parametrize(
    "text", ["slack://secret/b/c", "ops=secret", "Ops=slack://secret", "a=json://secret a=json://b"]
)
def test_a_malformed_one_is_named_without_what_it_holds(text: str) -> None:
    with pytest.raises(SettingsError) as raised:
        channels(Settings(channels=Secret(text)))
    assert str(raised.value).startswith("COINWATCH_CHANNELS: ")
    assert "secret" not in str(raised.value)


def test_a_rule_that_names_no_channel_means_all() -> None:
    names = {"ops": Secret(), "desk": Secret()}
    assert chosen(names, []) == ["ops", "desk"]
    assert chosen(names, ["desk", "none"]) == ["desk"]
