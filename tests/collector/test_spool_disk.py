"""What the spool does when its disk is full, fails, or loses what it held."""

import contextlib
import errno
import os
from pathlib import Path

import pytest

from collector.segments import SegmentFile
from collector.spool import Spool, SpoolError, SpoolFull
from tests.collector.spools import MANY, MB, contents, line


class Disk:
    """Makes segment files that fail as a disk does: full after so many bytes, or at the next sync, or for any cut."""

    def __init__(self) -> None:
        self.left = MANY
        self.sync_fails = self.cut_fails = False

    def create(self, path: Path) -> SegmentFile:
        return FailingFile(path, self)


class FailingFile(SegmentFile):
    def __init__(self, path: Path, disk: Disk) -> None:
        super().__init__(path)
        self.disk = disk

    def write(self, data: memoryview) -> int:
        if self.disk.left <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        taken = super().write(data[: self.disk.left])
        self.disk.left -= taken
        return taken

    def sync(self) -> None:
        if self.disk.sync_fails:
            self.disk.sync_fails = False
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        super().sync()

    def cut(self, size: int) -> None:
        if self.disk.cut_fails:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        super().cut(size)


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def spool(disk: Disk, tmp_path: Path) -> Spool:
    """A spool on that disk with one batch in it."""
    spool = Spool(tmp_path, MB, create=disk.create)
    spool.append(line(0))
    return spool


@pytest.mark.parametrize("left", [0, 1, 40, 64, 65, 80])
def test_a_full_disk_leaves_no_half_batch(left: int, disk: Disk, spool: Spool, tmp_path: Path) -> None:
    disk.left = left
    with pytest.raises(SpoolFull, match="No space left on device"):
        spool.append(line(1))
    disk.left = MANY
    spool.append(line(2))
    assert contents(spool) == [line(0), line(2)]
    spool.close()
    assert contents(Spool(tmp_path, MB)) == [line(0), line(2)]
    assert not list(tmp_path.glob("quarantine/*"))


def test_a_full_disk_is_free_again_once_the_batches_on_it_are_done(disk: Disk, spool: Spool, tmp_path: Path) -> None:
    disk.left = 0
    with pytest.raises(SpoolFull):
        spool.append(line(1))
    spool.done(spool.oldest(MANY))
    assert not list(tmp_path.glob("*.spool"))


def test_a_file_that_can_not_even_be_cut_is_left_and_another_is_taken(disk: Disk, spool: Spool, tmp_path: Path) -> None:
    disk.left, disk.cut_fails = 10, True
    with pytest.raises(SpoolFull):
        spool.append(line(1))
    disk.left = MANY
    spool.append(line(2))
    assert len(list(tmp_path.glob("*.spool"))) == 2
    spool.close()
    assert contents(Spool(tmp_path, MB)) == [line(0), line(2)]


def test_a_batch_that_could_not_be_synced_is_not_taken(disk: Disk, spool: Spool, tmp_path: Path) -> None:
    disk.sync_fails = True
    with pytest.raises(SpoolError, match="Input/output error"):
        spool.append(line(1))
    spool.close()
    assert contents(Spool(tmp_path, MB)) == [line(0)]


def test_a_batch_that_the_disk_damages_meanwhile_is_left_out_and_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool = Spool(tmp_path, MB)
    for number in range(3):
        spool.append(line(number))
    (path,) = tmp_path.glob("*.spool")
    record = spool.oldest(MANY)[1]
    data = bytearray(path.read_bytes())
    data[record.offset + record.size - 1] ^= 1
    path.write_bytes(data)
    assert [spool.read(record) is None for record in spool.oldest(MANY)] == [False, True, False]
    assert f"record at {record.offset} of segment 1 can't be read (bad checksum)" in caplog.text
    spool.done(spool.oldest(MANY))
    spool.close()
    assert [path.name for path in tmp_path.glob("quarantine/*")] == ["000000000001.spool"]


def test_a_file_that_somebody_removed_is_told_and_holds_up_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool = Spool(tmp_path, MB, segment_bytes=10)
    spool.append(line(1))
    spool.append(line(2))
    (tmp_path / "000000000001.spool").unlink()
    assert [spool.read(record) is None for record in spool.oldest(MANY)] == [True, False]
    assert (spool.waiting, "record at 0 of segment 1 can't be read" in caplog.text) == (1, True)


@pytest.mark.parametrize(("error", "gone"), [(errno.EIO, True), (errno.EMFILE, False)])
def test_a_batch_is_given_up_only_when_the_disk_has_lost_it(error: int, gone: bool, tmp_path: Path) -> None:
    class Unreadable(SegmentFile):
        def read_at(self, offset: int, size: int) -> bytes:
            raise OSError(error, os.strerror(error))

    spool = Spool(tmp_path, MB, create=Unreadable)
    spool.append(line(1))
    (record,) = spool.oldest(MANY)
    with contextlib.nullcontext() if gone else pytest.raises(OSError, match="Too many open files"):
        assert spool.read(record) is None
    assert spool.waiting == (0 if gone else 1)
