"""`python -m influx`: its commands, what they print, and how they end."""

from pathlib import Path

import msgspec
import pytest

from influx import tokens
from influx.settings import Settings
from influx.template import manifest
from tests.influx.command import influx_command


def test_setup_brings_an_empty_database_into_shape_and_then_changes_nothing(empty_influxd: Settings) -> None:
    first, second = (influx_command(empty_influxd, "setup") for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert "made task board" in first.stdout
    assert second.stdout == "nothing to change: the database is in shape\n"


def test_template_prints_the_very_manifest_that_setup_applies(influxd: Settings) -> None:
    printed = msgspec.json.decode(influx_command(influxd, "template").stdout)
    settings = Settings(home=influxd.home, influx_port=influxd.influx_port)
    assert printed == msgspec.to_builtins(manifest(settings))


def test_query_prints_csv_of_a_file_and_of_standard_input(influxd: Settings, tmp_path: Path) -> None:
    text = 'import "array"\n\narray.from(rows: [{pair: "btcusd"}])\n'
    (tmp_path / "x.flux").write_text(text)
    from_file = influx_command(influxd, "query", str(tmp_path / "x.flux"))
    from_stdin = influx_command(influxd, "query", "-", stdin=text)
    assert from_file.stdout == from_stdin.stdout == ",result,table,pair\n,_result,0,btcusd\n\n", from_file.stderr


def test_query_can_only_read(influxd: Settings) -> None:
    text = """
import "array"

array.from(rows: [{_time: now(), _measurement: "quote", _field: "price", _value: 1.0}]) |> to(bucket: "quotes")
"""
    done = influx_command(influxd, "query", "-", stdin=text)
    assert done.returncode == 1
    assert "not authorized to write" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["query", "no-such.flux"], 1, "no-such.flux"),
        (["query"], 2, "FILE"),
        (["nonsense"], 2, "invalid choice: 'nonsense'"),
        ([], 2, "COMMAND"),
    ],
)
def test_wrong_usage_is_named_on_standard_error(influxd: Settings, arguments: list[str], code: int, said: str) -> None:
    done = influx_command(influxd, *arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert done.stdout == ""


def test_every_command_explains_itself(influxd: Settings) -> None:
    for command in ("setup", "serve", "template", "query", "rollup"):
        done = influx_command(influxd, command, "--help")
        assert done.returncode == 0
        assert "usage: python -m influx" in done.stdout


def test_no_database_is_one_sentence(empty_home: Settings) -> None:
    tokens.keep(empty_home, "grafana", "token")
    done = influx_command(empty_home, "query", "-", stdin="1")
    assert done.returncode == 1
    assert done.stderr.startswith(f"no answer from http://127.0.0.1:{empty_home.influx_port}")
    assert done.stderr.count("\n") == 1
