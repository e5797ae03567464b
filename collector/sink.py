"""Where lines go: the spool, as the poller sees it."""

from typing import Protocol

from collector.spool import SpoolError


class Sink(Protocol):
    """Something that keeps lines; when `append` returns they are durable, when it raises SpoolError they are not."""

    def append(self, lines: bytes, bucket: str) -> object:
        """Takes lines for a bucket."""


def taken(sink: Sink, lines: list[str], bucket: str) -> bool:
    """Hands lines over; False when there is no room for them, which the spool itself has logged."""
    if not lines:
        return True
    try:
        sink.append("\n".join(lines).encode(), bucket)
    except SpoolError:
        return False
    return True
