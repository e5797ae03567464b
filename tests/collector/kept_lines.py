"""For tests: a sink that keeps lines in memory, and one that has no room."""

from collector.spool import SpoolFull


class KeptLines:
    """What was appended, by bucket."""

    def __init__(self) -> None:
        self.buckets: dict[str, list[str]] = {}

    def append(self, lines: bytes, bucket: str) -> None:
        self.buckets.setdefault(bucket, []).extend(lines.decode().split("\n"))

    def of(self, bucket: str) -> list[str]:
        return self.buckets.get(bucket, [])


class NoRoom:
    """A spool at its bound."""

    def append(self, lines: bytes, bucket: str) -> None:
        raise SpoolFull("the spool is at its bound of 16.0 MB")
