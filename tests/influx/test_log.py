"""Log lines on the console and in the home, as text or as JSON."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from influx import log
from influx.client import Database
from influx.settings import Settings

ALERTS = logging.getLogger("coinwatch.alerts")


@pytest.fixture(autouse=True)
def _handlers_as_before() -> Iterator[None]:
    root, coinwatch = logging.getLogger(), logging.getLogger("coinwatch")
    before, level, part_level = root.handlers[:], root.level, coinwatch.level
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = before
    root.setLevel(level)
    coinwatch.setLevel(part_level)


def test_a_line_goes_to_the_console_and_to_the_services_own_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log.set_up(Settings(home=tmp_path), "api")
    ALERTS.warning("Alert %s %s", "0.31", "dogeusd")
    line = (tmp_path / "logs" / "api.log").read_text()
    assert line == capsys.readouterr().err
    assert line.endswith("Z WARNING coinwatch.alerts Alert 0.31 dogeusd\n")


def test_a_json_line_holds_the_message_and_every_extra_member(tmp_path: Path) -> None:
    log.set_up(Settings(home=tmp_path, log_format="json"), "api")
    ALERTS.warning("Alert 0.31 dogeusd", extra={"pair": "dogeusd", "ratio": 3.5, "late": False})
    line = json.loads((tmp_path / "logs" / "api.log").read_text())
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "WARNING",
        "logger": "coinwatch.alerts",
        "message": "Alert 0.31 dogeusd",
        "pair": "dogeusd",
        "ratio": 3.5,
        "late": False,
    }


def test_a_traceback_is_one_json_line_as_well(tmp_path: Path) -> None:
    log.set_up(Settings(home=tmp_path, log_format="json"), "api")
    try:
        raise RuntimeError("two\nlines")
    except RuntimeError:
        ALERTS.exception("failed")
    (line,) = (tmp_path / "logs" / "api.log").read_text().splitlines()
    assert "RuntimeError: two\nlines" in json.loads(line)["exception"]


def test_times_are_utc_whatever_the_zone_is(tmp_path: Path) -> None:
    log.set_up(Settings(home=tmp_path), "api")
    record = logging.makeLogRecord({"msg": "hello", "name": "coinwatch.x", "levelname": "INFO", "created": 0.0})
    assert log.TextLine().format(record) == "1970-01-01T00:00:00Z INFO    coinwatch.x hello"


def test_a_library_that_tries_again_does_not_log_each_try(tmp_path: Path) -> None:
    log.set_up(Settings(home=tmp_path), "api")
    Database("http://127.0.0.1:1", "coinwatch", "token").close()  # its client sets levels of its own
    logging.getLogger("urllib3.connectionpool").warning("Retrying (Retry(total=2))")
    assert (tmp_path / "logs" / "api.log").read_text() == ""


def test_a_file_that_logrotate_moved_is_opened_anew(tmp_path: Path) -> None:
    log.set_up(Settings(home=tmp_path), "api")
    ALERTS.warning("before")
    file = tmp_path / "logs" / "api.log"
    file.rename(file.with_suffix(".1"))
    ALERTS.warning("after")
    assert file.read_text().endswith("after\n")
