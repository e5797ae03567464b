"""Settings: each variable is read, bounded, and named in its error."""

from pathlib import Path

import pytest

from influx.settings import Secret, Settings, SettingsError, accepted, read_settings, variables


def test_an_empty_environment_gives_the_defaults() -> None:
    assert read_settings({}) == Settings()


def test_variables_of_others_are_no_concern_of_ours() -> None:
    assert read_settings({"PATH": "/bin", "INFLUX_HOST": "elsewhere"}) == Settings()


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("COINWATCH_HOME", "/var/lib/coinwatch", "home", Path("/var/lib/coinwatch")),
        ("COINWATCH_INTERVAL", "30s", "interval", 30),
        ("COINWATCH_INTERVAL", "5", "interval", 5),
        ("COINWATCH_RETENTION", "72h", "retention", 259_200),
        ("COINWATCH_BACKFILL", "0", "backfill", False),
        ("COINWATCH_EXCHANGES", "Kraken, binance", "exchanges", ["kraken", "binance"]),
        ("COINWATCH_LOG_FORMAT", "json", "log_format", "json"),
        ("COINWATCH_KRAKEN_URL", "http://127.0.0.1:9000/", "exchange_urls", {"kraken": "http://127.0.0.1:9000"}),
        ("INFLUX_URL", "http://db:8086", "influx_url", "http://db:8086"),
    ],
)
def test_a_variable_becomes_its_field(name: str, text: str, field: str, value: object) -> None:
    assert getattr(read_settings({name: text}), field) == value


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("COINWATCH_INTERVAL", "2s", "COINWATCH_INTERVAL is 2s; accepted: 5s to 60s"),
        ("COINWATCH_INTERVAL", "soon", "COINWATCH_INTERVAL is soon; accepted: 5s to 60s"),
        ("COINWATCH_API_PORT", "99999", "COINWATCH_API_PORT is 99999; accepted: 1 to 65535"),
        ("COINWATCH_BACKFILL", "yes", "COINWATCH_BACKFILL is yes; accepted: 0, 1"),
        ("COINWATCH_LOG_FORMAT", "xml", "COINWATCH_LOG_FORMAT is xml; accepted: json, text"),
        ("COINWATCH_RETENTION", "1d", "COINWATCH_RETENTION is 1d; accepted: 3d or more"),
        ("COINWATCH_INTERVALL", "5s", "COINWATCH_INTERVALL is no setting; did you mean COINWATCH_INTERVAL?"),
    ],
)
def test_what_is_not_accepted_is_named_with_what_would_be(name: str, text: str, message: str) -> None:
    with pytest.raises(SettingsError) as error:
        read_settings({name: text})
    assert str(error.value) == message


def test_a_name_that_is_near_to_none_lists_all() -> None:
    with pytest.raises(SettingsError, match="COINWATCH_HOME, COINWATCH_LOG_FORMAT"):
        read_settings({"COINWATCH_QQQQ": "1"})


def test_a_secret_comes_from_a_file_and_never_shows_itself(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("sesame\n")
    settings = read_settings({"INFLUX_TOKEN_FILE": str(tmp_path / "token")})
    assert settings.influx_token == "sesame"
    assert "sesame" not in repr(settings)
    assert str(Secret("sesame")) == "sesame"


def test_a_missing_secret_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"INFLUX_TOKEN_FILE is .*none, which can't be read: No such file"):
        read_settings({"INFLUX_TOKEN_FILE": str(tmp_path / "none")})


def test_every_variable_has_a_meaning_and_says_what_it_accepts() -> None:
    for variable in variables():
        assert variable.meaning
        assert accepted(variable)
