"""Spools for the tests of the spool: lines to append, and what is in one."""

from collector import packing
from collector.spool import Spool

MB = 2**20
MANY = 1_000_000


def line(number: int) -> bytes:
    return f"quote,pair=p{number} price={number} {number}\n".encode()


def contents(spool: Spool) -> list[bytes]:
    return [packing.plain(spool.read(record) or b"") for record in spool.oldest(MANY)]
