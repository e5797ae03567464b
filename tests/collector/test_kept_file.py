"""What outlives a restart, and what a full disk must not cost."""

import logging
from pathlib import Path

import pytest

from collector import kept_file
from collector.state import State

BANNED = State("banned", "HTTP 418", 1_795_521_840.0)


def test_a_record_is_read_back_and_no_draft_stays(tmp_path: Path) -> None:
    kept_file.keep(tmp_path / "kraken.state.json", BANNED)
    assert kept_file.read(tmp_path / "kraken.state.json", State) == BANNED
    assert [path.name for path in tmp_path.iterdir()] == ["kraken.state.json"]


@pytest.mark.parametrize("content", [None, b"", b'{"name":"ban', b'{"name":"angry"}'])
def test_a_file_that_holds_no_such_record_is_none(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "kraken.state.json"
    if content is not None:
        path.write_bytes(content)
    assert kept_file.read(path, State) is None


def test_a_disk_that_takes_nothing_is_told_once_and_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    path = tmp_path / "gone" / "kraken.state.json"
    kept_file.keep(path, BANNED)
    kept_file.keep(path, BANNED)
    path.parent.mkdir()
    kept_file.keep(path, BANNED)
    began, ended = caplog.messages
    assert began.startswith("home: no writing of states and lists since ")
    assert ended.startswith("home: writing of states and lists again after ")
