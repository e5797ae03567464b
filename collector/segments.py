"""The files of the spool: made, appended to, emptied, removed. A damaged one is set aside, never removed.

A process appends only to files that it made itself, so what a former one left is read once and then only shrinks.
"""

import contextlib
import logging
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from collector import spool_format
from collector.spool_format import Damage, Record

log = logging.getLogger("coinwatch.spool")

SUFFIX = ".spool"


class SegmentFile:
    """A new file, or one that is there, open for reading and for writing."""

    def __init__(self, path: Path, *, new: bool = True) -> None:
        self._fd = os.open(path, os.O_RDWR | (os.O_CREAT | os.O_EXCL if new else 0), 0o600)

    def write(self, data: memoryview) -> int:
        """Writes what the disk takes and answers how much that was."""
        return os.write(self._fd, data)

    def sync(self) -> None:
        """Returns when all that was written is on the disk."""
        os.fsync(self._fd)

    def cut(self, size: int) -> None:
        """Takes back what was written behind `size`."""
        os.ftruncate(self._fd, size)
        os.lseek(self._fd, size, os.SEEK_SET)

    def read_at(self, offset: int, size: int) -> bytes:
        """So many bytes, or as many as there are."""
        return os.pread(self._fd, size, offset)

    def write_at(self, offset: int, data: bytes) -> None:
        """Writes over what stands there."""
        os.pwrite(self._fd, data, offset)

    def close(self) -> None:
        """Closes the file."""
        os.close(self._fd)


class Segment(Struct):
    """A file of the spool: how large it is and how many of its records still wait."""

    number: int
    path: Path
    size: int = 0
    waiting: int = 0
    damaged: bool = False
    """Holds bytes that are no record, so it is kept when it is empty."""


class Segments:
    """All files of one spool. `append` is for one thread at a time, the rest for any."""

    def __init__(self, folder: Path, segment_bytes: int, create: Callable[[Path], SegmentFile]) -> None:
        self.folder, self.quarantine = folder, folder / "quarantine"
        self.size_bytes = 0
        """What all files take on the disk."""
        self._segment_bytes, self._create = segment_bytes, create
        self._lock = threading.Lock()
        self._known: dict[int, Segment] = {}
        self._active: tuple[Segment, SegmentFile] | None = None

    def take_up(self) -> Iterator[Record]:
        """What former processes left waiting, oldest first; their damages are named and their torn tail cut off."""
        numbers = _numbers(self.folder)
        for number in numbers:
            segment = self._know(number)
            try:
                yield from self._read_all(segment, newest=number == numbers[-1])
            except OSError as error:
                segment.damaged = True
                log.error("spool: %s can't be read (%s): kept in %s", segment.path.name, error, self.quarantine)
            self.size_bytes += segment.size
            if segment.waiting == 0:
                self._remove(segment)

    def append(self, frames: list[bytes]) -> list[Record]:
        """Appends records; returns when they are durable. OSError: nothing of them is there."""
        data = b"".join(frames)
        if self._active and self._active[0].size + len(data) > self._segment_bytes:
            self.retire()
        segment, file = self._active = self._active or self._new()
        try:
            _write_all(file, data)
            file.sync()
        except OSError:
            self._take_back(segment, file)
            raise
        with self._lock:
            records = []
            for frame in frames:
                records.append(spool_format.record_of(frame, 0, segment.number, segment.size))
                segment.size += len(frame)
            segment.waiting += len(frames)
            self.size_bytes += len(data)
        return records

    def read(self, record: Record) -> bytes:
        """A record's body. Damaged or OSError: the disk does not give back what was appended."""
        with self._opened(record.segment) as file:
            frame = file.read_at(record.offset, record.size)
        return spool_format.unpack(frame)

    def finish(self, record: Record, *, damaged: bool = False) -> None:
        """A record need not be kept any longer, or can't be read any longer."""
        if not damaged:
            # An unmarked record is sent again after a restart: no harm.
            with contextlib.suppress(OSError), self._opened(record.segment) as file:
                file.write_at(record.offset + spool_format.STATE_AT, spool_format.DONE)
        with self._lock:
            segment = self._known[record.segment]
            segment.damaged |= damaged
            segment.waiting -= 1
            if segment.waiting == 0 and not (self._active and self._active[0] is segment):
                self._remove(segment)

    def retire(self) -> None:
        """Nothing more is appended to the active file; if nothing in it waits, it goes."""
        with self._lock:
            if self._active is None:
                return
            segment, file = self._active
            self._active = None
            file.close()
            if segment.waiting == 0:
                self._remove(segment)

    def _new(self) -> tuple[Segment, SegmentFile]:
        number = max([0, *_numbers(self.folder), *_numbers(self.quarantine)]) + 1
        path = _path(self.folder, number)
        file = self._create(path)
        try:
            sync_folder(self.folder)
        except OSError:
            file.close()
            path.unlink()
            raise
        return self._know(number), file

    def _know(self, number: int) -> Segment:
        segment = Segment(number, _path(self.folder, number))
        with self._lock:
            self._known[number] = segment
        return segment

    def _take_back(self, segment: Segment, file: SegmentFile) -> None:
        """Cuts a failed append off, and leaves the file: where a disk is full, it goes as soon as it is done."""
        try:
            file.cut(segment.size)
            file.sync()
        except OSError:
            segment.damaged = True
        self.retire()

    def _read_all(self, segment: Segment, newest: bool) -> Iterator[Record]:
        data = segment.path.read_bytes()
        segment.size = len(data)
        for found in spool_format.scan(data, segment.number):
            if isinstance(found, Damage):
                self._meet(found, segment, newest)
            elif not found[1]:
                segment.waiting += 1
                yield found[0]

    def _meet(self, damage: Damage, segment: Segment, newest: bool) -> None:
        name, size = segment.path.name, damage.end - damage.start
        if damage.torn and newest:
            log.info("spool: %s bytes of an append that never returned are cut off %s", size, name)
            with segment.path.open("r+b") as file:
                file.truncate(damage.start)
                os.fsync(file.fileno())
            segment.size = damage.start
            return
        segment.damaged = True
        what = f"{damage.reason} at {damage.start} of {name}, {size} bytes"
        log.error(
            "spool: %s: left out; the file is kept in %s once its good records are written", what, self.quarantine
        )

    @contextlib.contextmanager
    def _opened(self, number: int) -> Iterator[SegmentFile]:
        """A segment's file: the active one as it is, so that the healthy path opens none."""
        with self._lock:
            if self._active and self._active[0].number == number:
                yield self._active[1]
                return
        file = SegmentFile(self._known[number].path, new=False)
        try:
            yield file
        finally:
            file.close()

    def _remove(self, segment: Segment) -> None:
        del self._known[segment.number]
        self.size_bytes -= segment.size
        if segment.damaged:
            self.quarantine.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):  # somebody has removed it
                segment.path.rename(self.quarantine / segment.path.name)
        else:
            segment.path.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable: a file that was made is still there after a power cut."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number:012}{SUFFIX}"


def _numbers(folder: Path) -> list[int]:
    return sorted(int(path.stem) for path in folder.glob(f"*{SUFFIX}") if path.stem.isdigit())


def _write_all(file: SegmentFile, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]
