"""The spool: every batch of lines is durable here before it counts as taken, until the database has said 204.

Appends may come from many threads: those that meet share one write and one fsync. One process owns a spool.
Layout and promises: docs/spool-format.md.
"""

import errno
import fcntl
import itertools
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from collector import spool_format
from collector.segments import SegmentFile, Segments, sync_folder
from collector.spool_format import Damaged, Record
from influx import schema
from influx.outage import Outage

log = logging.getLogger("coinwatch.spool")

SEGMENT_BYTES = 16 * 2**20
PLAIN_BATCHES = 32
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
GONE = (errno.EIO, errno.ENOENT)  # what a disk says of bytes that it has lost


class SpoolError(Exception):
    """The batch is not taken: nothing of it is in the spool."""


class SpoolFull(SpoolError):
    """The bound is reached or the disk is full: collecting stops until the database has taken what waits."""


class SpoolInUse(SpoolError):
    """Another process owns this spool: the operator must stop one, or give each its own home."""


class _Append:
    """One thread's batch on its way to the disk."""

    def __init__(self, frame: bytes) -> None:
        self.frame = frame
        self.returned = False
        self.error: SpoolError | None = None


class Spool:
    """A folder of segments, bounded by `limit_bytes`. At the bound `append` raises; nothing is ever dropped.

    Up to `plain_batches` may wait plain, since they are written at once; what comes on top has to wait, and is gzipped.
    """

    def __init__(
        self,
        folder: Path,
        limit_bytes: int,
        *,
        plain_batches: int = PLAIN_BATCHES,
        segment_bytes: int = SEGMENT_BYTES,
        create: Callable[[Path], SegmentFile] = SegmentFile,
        clock_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self.folder, self.limit_bytes = folder, limit_bytes
        self.news = threading.Event()
        """Set by every append; whoever waits for it clears it."""
        self._clock_ns, self._plain_batches = clock_ns, plain_batches
        self._outage = Outage(log, "spool", "room", "batches", "collecting waits, nothing of the spool is dropped")
        self._full_bytes = 0  # how large the spool was when a batch last found no room
        self._segments = Segments(folder, min(segment_bytes, limit_bytes // 8), create)
        self._committing = threading.Lock()
        self._lock = threading.Lock()  # guards the two below
        self._queue: list[_Append] = []
        self._waiting: dict[tuple[int, int], Record] = {}
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
        self._owned: int | None = _own(folder)
        self._keep(self._segments.take_up())
        if self._waiting:
            log.info("spool: %s batches wait, %.1f MB", f"{len(self._waiting):,}", self.size_bytes / 1e6)
            self.news.set()

    @property
    def size_bytes(self) -> int:
        """What the spool takes on the disk."""
        return self._segments.size_bytes

    @property
    def waiting(self) -> int:
        """How many records wait."""
        return len(self._waiting)

    @property
    def oldest_s(self) -> float | None:
        """When the oldest waiting record was appended, in Unix seconds; None: nothing waits."""
        with self._lock:
            return next((record.appended_ns / 1e9 for record in self._waiting.values()), None)

    def append(self, lines: bytes, bucket: str = schema.QUOTES.name) -> None:
        """Takes lines that end with their time in ns; returns when they are durable. SpoolError: they are not taken."""
        compress = len(self._waiting) >= self._plain_batches
        mine = _Append(spool_format.pack(lines, bucket, self._clock_ns(), compress=compress))
        with self._lock:
            self._queue.append(mine)
        with self._committing:  # whoever comes in first takes along all who wait
            if not mine.returned:
                with self._lock:
                    group, self._queue = self._queue, []
                self._commit(group)
        if mine.error:
            raise mine.error
        self.news.set()

    def oldest(self, most_lines: int, allowed: Callable[[Record], bool] = lambda record: True) -> list[Record]:
        """The oldest allowed record and those behind it that go to the same bucket, up to so many lines."""
        with self._lock:
            return _group(self._waiting.values(), most_lines, allowed)

    def newest(
        self, most_lines: int, allowed: Callable[[Record], bool] = lambda record: True, since_ns: int = 0
    ) -> list[Record]:
        """The same from the newest end, newest first, as far as they were appended since then."""
        with self._lock:
            records = itertools.takewhile(
                lambda record: record.appended_ns >= since_ns, reversed(self._waiting.values())
            )
            return _group(records, most_lines, allowed)

    def read(self, record: Record) -> bytes | None:
        """A record's body, see packing.py; None if the disk has damaged them meanwhile: then it is set aside and told.

        OSError: it can't be read now, as when too many files are open.
        """
        try:
            return self._segments.read(record)
        except (Damaged, OSError) as error:
            if isinstance(error, OSError) and error.errno not in GONE:
                raise
            where = self._segments.quarantine
            log.error("spool: the %s can't be read (%s): left out and kept in %s", record.name, error, where)
            self._forget(record)
            self._segments.finish(record, damaged=True)
            return None

    def done(self, records: Iterable[Record]) -> None:
        """These need not be kept any longer."""
        for record in records:
            self._forget(record)
            self._segments.finish(record)

    def close(self) -> None:
        """Gives the folder free; what waits stays."""
        with self._committing:
            self._segments.retire()
            if self._owned is not None:
                os.close(self._owned)
                self._owned = None

    def _keep(self, records: Iterable[Record]) -> None:
        with self._lock:
            self._waiting.update(((record.segment, record.offset), record) for record in records)

    def _forget(self, record: Record) -> None:
        with self._lock:
            del self._waiting[record.segment, record.offset]

    def _commit(self, group: list[_Append]) -> None:
        error: SpoolError | None = None
        try:
            self._make_durable([one.frame for one in group])
        except SpoolError as refused:
            error = refused
        except OSError as failed:
            error = (SpoolFull if failed.errno in FULL else SpoolError)(f"{self.folder}: {failed.strerror}")
        if error and len(group) > 1:  # there may be room for some of them
            for one in group:
                self._commit([one])
            return
        for one in group:
            one.error, one.returned = error, True
            self._tell(one)

    def _tell(self, one: _Append) -> None:
        """Tells of the outage in the order of the commits; a small batch that still fits does not end it."""
        if one.error:
            self._full_bytes = self.size_bytes if isinstance(one.error, SpoolFull) else 0
            self._outage.failed(str(one.error))
        elif not self._full_bytes or self.size_bytes - len(one.frame) <= self._full_bytes / 2:
            self._full_bytes = 0
            self._outage.over()

    def _make_durable(self, frames: list[bytes]) -> None:
        size = sum(map(len, frames))
        if self._owned is None:
            raise SpoolError(f"{self.folder} is closed")
        if self.size_bytes + size > self.limit_bytes:
            self._segments.retire()  # what is done in the file that is being filled takes room too
        if self.size_bytes + size > self.limit_bytes:
            raise SpoolFull(f"{self.folder} is at its bound of {self.limit_bytes / 1e6:,.1f} MB")
        self._keep(self._segments.append(frames))


def _group(records: Iterable[Record], most_lines: int, allowed: Callable[[Record], bool]) -> list[Record]:
    group: list[Record] = []
    lines = 0
    for record in filter(allowed, records):
        if group and (record.bucket != group[0].bucket or lines + record.lines > most_lines):
            break
        group.append(record)
        lines += record.lines
    return group


def _own(folder: Path) -> int:
    """The lock that makes this process the folder's only one; it ends with the process, however that ends."""
    fd = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.pread(fd, 20, 0).decode() or "unknown"
        os.close(fd)
        raise SpoolInUse(f"{folder} belongs to a running collector (process {owner}); one home has one") from None
    os.ftruncate(fd, 0)
    os.pwrite(fd, str(os.getpid()).encode(), 0)
    return fd
