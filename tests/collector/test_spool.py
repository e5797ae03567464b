"""What the spool promises to those who append: durable when it returns, bounded, one owner, nothing dropped."""

import contextlib
import logging
import threading
from pathlib import Path

import pytest

from collector import packing
from collector.segments import SegmentFile
from collector.spool import Spool, SpoolError, SpoolFull, SpoolInUse
from tests.collector.spools import MANY, MB, contents, line


def fill(spool: Spool) -> int:
    """Appends until there is no room, and answers how many batches there was room for."""
    for number in range(MANY):
        try:
            spool.append(line(number))
        except SpoolFull:
            return number
    raise AssertionError("there is no bound")


def test_what_was_appended_is_there_after_a_restart_in_order(tmp_path: Path) -> None:
    first = Spool(tmp_path, MB)
    for number in range(5):
        first.append(line(number))
    first.close()
    assert contents(Spool(tmp_path, MB)) == [line(number) for number in range(5)]


def test_a_record_carries_its_bucket(tmp_path: Path) -> None:
    spool = Spool(tmp_path, MB)
    spool.append(line(1), "events")
    assert [record.bucket for record in spool.oldest(MANY)] == ["events"]


def test_what_is_done_is_not_there_after_a_restart(tmp_path: Path) -> None:
    first = Spool(tmp_path, MB)
    for number in range(3):
        first.append(line(number))
    first.done([first.oldest(MANY)[1]])
    first.close()
    assert contents(Spool(tmp_path, MB)) == [line(0), line(2)]


def test_segments_go_when_all_of_them_is_done(tmp_path: Path) -> None:
    spool = Spool(tmp_path, MB, segment_bytes=300)
    for number in range(9):
        spool.append(line(number))
    assert len(list(tmp_path.glob("*.spool"))) == 3
    spool.done(spool.oldest(MANY))
    spool.close()
    assert not list(tmp_path.glob("*.spool"))
    assert spool.size_bytes == 0


def test_the_newest_come_newest_first_and_the_oldest_oldest_first(tmp_path: Path) -> None:
    spool = Spool(tmp_path, MB)
    for number in range(5):
        spool.append(line(number))
    assert [record.first_ns for record in spool.newest(2)] == [4, 3]
    assert [record.first_ns for record in spool.oldest(2)] == [0, 1]
    assert [record.first_ns for record in spool.oldest(2, lambda record: record.first_ns > 2)] == [3, 4]


def test_the_newest_end_where_they_get_too_old(tmp_path: Path) -> None:
    times = iter([10, 20, 30])
    spool = Spool(tmp_path, MB, clock_ns=lambda: next(times))
    for number in range(3):
        spool.append(line(number))
    assert [record.appended_ns for record in spool.newest(MANY, since_ns=20)] == [30, 20]


def test_a_group_is_of_one_bucket(tmp_path: Path) -> None:
    spool = Spool(tmp_path, MB)
    for bucket in ("quotes", "quotes", "events", "quotes"):
        spool.append(line(1), bucket)
    assert [record.bucket for record in spool.oldest(MANY)] == ["quotes", "quotes"]


def test_at_the_bound_append_raises_and_what_is_there_stays(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 1000)
    taken = fill(spool)
    with pytest.raises(SpoolFull, match=r"is at its bound of 0\.0 MB"):
        spool.append(line(MANY))
    assert contents(spool) == [line(number) for number in range(taken)]
    assert 500 < sum(path.stat().st_size for path in tmp_path.glob("*.spool")) <= 1000


def test_below_the_bound_again_append_takes_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="coinwatch")
    spool = Spool(tmp_path, 1000)
    fill(spool)
    fill(spool)
    spool.done(spool.oldest(MANY))
    spool.append(line(101))
    assert contents(spool) == [line(101)]
    began, ended = (record.getMessage() for record in caplog.records)
    assert began.startswith("spool: no room since")
    assert ended.startswith("spool: room again after")
    assert ended.endswith("; 2 batches missed")


def test_a_small_batch_that_still_fits_does_not_end_the_want_of_room(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="coinwatch")
    spool = Spool(tmp_path, 1000)
    large = b"".join(line(number) for number in range(20))
    spool.append(line(0))
    with contextlib.suppress(SpoolFull):
        while True:
            spool.append(large)
    spool.append(line(1))
    with pytest.raises(SpoolFull):
        spool.append(large)
    (began,) = (record.getMessage() for record in caplog.records)
    assert began.startswith("spool: no room since")
    spool.done(spool.oldest(MANY))
    spool.append(large)
    ended = caplog.records[-1].getMessage()
    assert ended.startswith("spool: room again after")
    assert ended.endswith("; 2 batches missed")


def test_an_append_returns_only_when_its_bytes_are_synced(tmp_path: Path) -> None:
    synced: dict[Path, int] = {}

    class Remembering(SegmentFile):
        def __init__(self, path: Path) -> None:
            super().__init__(path)
            self.path = path

        def sync(self) -> None:
            super().sync()
            synced[self.path] = self.path.stat().st_size

    spool = Spool(tmp_path / "spool", MB, create=Remembering, segment_bytes=300)
    for number in range(9):
        spool.append(line(number))
    spool.close()
    for path, size in synced.items():  # a power cut: what was not synced is gone
        path.write_bytes(path.read_bytes()[:size])
    assert contents(Spool(tmp_path / "spool", MB)) == [line(number) for number in range(9)]


class SlowFile(SegmentFile):
    """A disk that takes 50 ms a sync, so that threads meet."""

    syncs = 0

    def sync(self) -> None:
        SlowFile.syncs += 1
        threading.Event().wait(0.05)
        super().sync()


def append_at_once(spool: Spool, batches: list[bytes]) -> list[SpoolError]:
    """Appends each batch in a thread of its own and answers what was raised."""
    errors: list[SpoolError] = []

    def append(lines: bytes) -> None:
        try:
            spool.append(lines)
        except SpoolError as error:
            errors.append(error)

    threads = [threading.Thread(target=append, args=(lines,)) for lines in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_threads_that_append_at_once_share_a_sync(tmp_path: Path) -> None:
    SlowFile.syncs = 0
    spool = Spool(tmp_path, MB, create=SlowFile)
    batches = [line(number) for number in range(40)]
    assert append_at_once(spool, batches) == []
    assert sorted(contents(spool)) == sorted(batches)
    assert SlowFile.syncs < 10


def test_a_batch_too_large_does_not_cost_those_that_came_with_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 8000, create=SlowFile)
    large = b"".join(f"x,t={number * 7919 % 104729} v={number} {number}\n".encode() for number in range(2000))
    small = [line(number) for number in range(20)]
    errors = append_at_once(spool, [*small[:10], large, *small[10:]])
    assert [type(error) for error in errors] == [SpoolFull]
    assert sorted(contents(spool)) == sorted(small)


def test_batches_on_top_of_those_that_are_written_at_once_are_gzipped(tmp_path: Path) -> None:
    spool = Spool(tmp_path, MB, plain_batches=2)
    for number in range(4):
        spool.append(line(number))
    bodies = [spool.read(record) or b"" for record in spool.oldest(MANY)]
    assert [packing.is_zipped(body) for body in bodies] == [False, False, True, True]
    assert list(map(packing.plain, bodies)) == [line(number) for number in range(4)]


def test_a_second_owner_is_told_who_the_first_is(tmp_path: Path) -> None:
    first = Spool(tmp_path, MB)
    with pytest.raises(SpoolInUse, match=r"belongs to a running collector \(process \d+\)"):
        Spool(tmp_path, MB)
    first.close()
    Spool(tmp_path, MB).close()


def test_a_closed_spool_takes_nothing(tmp_path: Path) -> None:
    spool = Spool(tmp_path, MB)
    spool.close()
    with pytest.raises(SpoolError, match="is closed"):
        spool.append(line(1))


def test_the_age_of_the_oldest_is_known(tmp_path: Path) -> None:
    spool = Spool(tmp_path, MB, clock_ns=lambda: 5_000_000_000)
    ages = [spool.oldest_s]
    spool.append(line(1))
    assert [*ages, spool.oldest_s] == [None, 5.0]
    assert spool.news.is_set()
