"""The files of the spool: how they are made, retired, removed and set aside."""

from pathlib import Path

import pytest

from collector.segments import SegmentFile, Segments
from collector.spool_format import Damaged, pack


def frame(number: int) -> bytes:
    return pack(b"quote,pair=p%d price=1 %d\n" % (number, number), "quotes", now_ns=number)


def segments(folder: Path, segment_bytes: int = 10**6) -> Segments:
    return Segments(folder, segment_bytes, SegmentFile)


def names(folder: Path) -> list[str]:
    return sorted(path.stem.lstrip("0") for path in folder.glob("*.spool"))


def test_a_full_file_is_followed_by_the_next_number(tmp_path: Path) -> None:
    files = segments(tmp_path, len(frame(1)) + 1)
    for number in range(3):
        files.append([frame(number)])
    assert names(tmp_path) == ["1", "2", "3"]


def test_a_batch_larger_than_a_file_has_one_of_its_own(tmp_path: Path) -> None:
    files = segments(tmp_path, 10)
    assert len(files.append([frame(1), frame(2)])) == 2
    assert names(tmp_path) == ["1"]


def test_a_file_that_is_still_filled_outlives_its_last_record_until_it_is_retired(tmp_path: Path) -> None:
    files = segments(tmp_path)
    (record,) = files.append([frame(1)])
    files.finish(record)
    assert names(tmp_path) == ["1"]
    files.retire()
    assert (names(tmp_path), files.size_bytes) == ([], 0)


def test_numbers_go_on_after_a_restart_and_files_of_before_are_not_appended_to(tmp_path: Path) -> None:
    segments(tmp_path).append([frame(1)])
    size = (tmp_path / "000000000001.spool").stat().st_size
    files = segments(tmp_path)
    assert [record.segment for record in files.take_up()] == [1]
    files.append([frame(2)])
    assert names(tmp_path) == ["1", "2"]
    assert (tmp_path / "000000000001.spool").stat().st_size == size == files.size_bytes // 2


def test_a_number_in_quarantine_is_not_used_again(tmp_path: Path) -> None:
    (tmp_path / "quarantine").mkdir()
    (tmp_path / "quarantine" / "000000000004.spool").touch()
    assert [record.segment for record in segments(tmp_path).append([frame(1)])] == [5]


def test_a_file_that_can_not_be_read_at_a_start_is_set_aside_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "000000000001.spool").mkdir()
    files = segments(tmp_path)
    assert list(files.take_up()) == []
    assert names(tmp_path / "quarantine") == ["1"]
    assert "000000000001.spool can't be read" in caplog.text


def test_bytes_that_changed_on_the_disk_are_not_given_back(tmp_path: Path) -> None:
    files = segments(tmp_path)
    (record,) = files.append([frame(1)])
    path = tmp_path / "000000000001.spool"
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(Damaged, match="bad checksum"):
        files.read(record)


def test_a_mark_that_can_not_be_written_costs_nothing(tmp_path: Path) -> None:
    files = segments(tmp_path)
    (record,) = files.append([frame(1)])
    files.retire()
    (tmp_path / "000000000001.spool").unlink()
    files.finish(record)
    assert files.size_bytes == 0
