"""A process for test_spool_killed.py: threads append to a spool until they are killed, and say what has returned.

`python -m tests.collector.spool_appender FOLDER NAME` prints a line `kept ID` behind every append that returned
and a line `done ID` before a batch is given up again.
"""

import os
import sys
import threading
from pathlib import Path

from collector import packing
from collector.spool import Spool

THREADS = 3


def append(spool: Spool, name: str, thread: int) -> None:
    """Appends numbered batches of growing and shrinking size for ever."""
    number = 0
    while True:
        number += 1
        told = f"{name}-{thread}-{number}"
        rows = 1 + number * 37 % 200
        spool.append(
            "".join(f"quote,id={told},row={row} price={row * 7919 % 1009} 1\n" for row in range(rows)).encode()
        )
        os.write(1, f"kept {told}\n".encode())


def give_up(spool: Spool) -> None:
    """Takes the oldest batch and then the newest for done, again and again, while there are many."""
    oldest = True
    while True:
        if spool.waiting > 20:
            (record,) = spool.oldest(1) if oldest else spool.newest(1)
            oldest = not oldest
            os.write(1, f"done {identity(spool.read(record) or b'')}\n".encode())
            spool.done([record])


def identity(body: bytes) -> str:
    """The ID in a batch."""
    return packing.plain(body).split(b"id=")[1].split(b",")[0].decode()


if __name__ == "__main__":
    kept = Spool(Path(sys.argv[1]), 2**30, segment_bytes=20_000)
    for thread in range(THREADS):
        threading.Thread(target=append, args=(kept, sys.argv[2], thread)).start()
    give_up(kept)
