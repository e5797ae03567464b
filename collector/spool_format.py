"""The bytes of a spool segment: records one behind the other, each with its length and checksums.

Pure: bytes in, bytes out. docs/spool-format.md shows the layout as a picture and says what may be torn.
"""

import struct
import zlib
from collections.abc import Iterator

from msgspec import Struct

from collector import packing

MAGIC = b"CWr1"  # coinwatch record, layout 1
WAITING = b"wait"
DONE = b"done"
STATE_AT = 4
"""Where in a record its state stands: written over in place, so no checksum covers it."""

HEAD = struct.Struct("<4s4sIIIqqq16s")
CHECK = struct.Struct("<I")
HEAD_SIZE = HEAD.size + CHECK.size
BUCKET_SIZE = 16


class Record(Struct, frozen=True, gc=False):
    """What a record's head says, and where it stands. Times are Unix nanoseconds."""

    segment: int
    offset: int
    size: int
    """Bytes of the whole record, head included."""
    bucket: str
    lines: int
    appended_ns: int
    first_ns: int
    """The time of its first line."""
    last_ns: int
    """The time of its last line."""

    @property
    def name(self) -> str:
        """How logs and errors call it."""
        return f"record at {self.offset} of segment {self.segment}"


class Damage(Struct, frozen=True):
    """Bytes of a segment that are no record. `torn`: they are the rest of an append that never returned."""

    start: int
    end: int
    reason: str
    torn: bool = False


class Damaged(Exception):
    """A record's bytes are not those that were appended; the message says which check failed."""


def pack(lines: bytes, bucket: str, now_ns: int, *, compress: bool = True) -> bytes:
    """A record of these lines, gzipped if wanted.

    ValueError: nothing to keep, a line without a time, or a bucket's name that is too long.
    """
    name = bucket.encode()
    if not lines.strip() or len(name) > BUCKET_SIZE:
        raise ValueError(f"no lines, or a bucket's name of more than {BUCKET_SIZE} bytes: {bucket!r}")
    if not lines.endswith(b"\n"):  # records are joined in one request
        lines += b"\n"
    first, last = lines[: lines.index(b"\n")], lines[lines.rfind(b"\n", 0, -1) + 1 : -1]
    body = packing.zipped(lines) if compress else lines
    head = HEAD.pack(
        MAGIC,
        WAITING,
        len(body),
        zlib.crc32(body),
        lines.count(b"\n"),
        now_ns,
        time_of(first),
        time_of(last),
        name,
    )
    return head + CHECK.pack(_check(head)) + body


def time_of(line: bytes) -> int:
    """The time at the end of a line of line protocol."""
    try:
        return int(line[line.rindex(b" ") + 1 :])
    except ValueError:
        raise ValueError(f"a line without a time: {line!r}") from None


def unpack(frame: bytes) -> bytes:
    """The body of a whole record. Damaged: it is not what was appended."""
    head, body = frame[: HEAD.size], frame[HEAD_SIZE:]
    if not _head_is_good(frame, 0):
        raise Damaged("bad head")
    _, _, length, check, *_ = HEAD.unpack(head)
    if length != len(body) or check != zlib.crc32(body):
        raise Damaged("bad checksum")
    return body


def scan(data: bytes, segment: int) -> Iterator[tuple[Record, bool] | Damage]:
    """All of a segment in order: each record with whether it is done, and what lies between as Damage."""
    at = 0
    while at < len(data):
        if not _head_is_good(data, at):
            found: tuple[Record, bool] | Damage = _bad_head(data, at)
        else:
            found = _behind_head(data, at, segment)
        yield found
        at = found.end if isinstance(found, Damage) else at + found[0].size


def record_of(head: bytes, at: int, segment: int, offset: int) -> Record:
    """The record whose head stands at `at` of some bytes, as it stands at `offset` of a segment."""
    _, _, length, _, lines, appended_ns, first_ns, last_ns, bucket = HEAD.unpack_from(head, at)
    name = bucket.rstrip(b"\0").decode()
    return Record(segment, offset, HEAD_SIZE + length, name, lines, appended_ns, first_ns, last_ns)


def _behind_head(data: bytes, at: int, segment: int) -> tuple[Record, bool] | Damage:
    _, state, length, check, *_ = HEAD.unpack_from(data, at)
    end = at + HEAD_SIZE + length
    if end > len(data):
        following = _next_head(data, at + 1)
        return Damage(at, following, "unfinished record", torn=following == len(data))
    if state != DONE and zlib.crc32(memoryview(data)[at + HEAD_SIZE : end]) != check:
        return Damage(at, _next_head(data, at + 1), "bad checksum")  # its length may be right and bytes be gone
    return record_of(data, at, segment, at), state == DONE


def _bad_head(data: bytes, at: int) -> Damage:
    following = _next_head(data, at + 1)
    rest = data[at:following]
    if following == len(data) and (len(rest) < HEAD_SIZE or not any(rest)):
        return Damage(at, following, "unfinished head", torn=True)
    return Damage(at, following, "bad head")


def _next_head(data: bytes, start: int) -> int:
    at = data.find(MAGIC, start)
    while at >= 0 and not _head_is_good(data, at):
        at = data.find(MAGIC, at + 1)
    return at if at >= 0 else len(data)


def _head_is_good(data: bytes, at: int) -> bool:
    if len(data) - at < HEAD_SIZE or data[at : at + len(MAGIC)] != MAGIC:
        return False
    (check,) = CHECK.unpack_from(data, at + HEAD.size)
    return bool(check == _check(data[at : at + HEAD.size]))


def _check(head: bytes) -> int:
    """The checksum of a head without its state."""
    return zlib.crc32(head[STATE_AT + len(WAITING) :], zlib.crc32(head[:STATE_AT]))
