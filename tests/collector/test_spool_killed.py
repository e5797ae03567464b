"""Processes that append are killed -9 at random moments: every append that returned is in the spool afterwards."""

import random
import subprocess
import sys
from pathlib import Path

from collector.spool import Spool
from tests.collector.spool_appender import identity

KILLS = 100


def run_and_kill(folder: Path, name: str, lines: int) -> list[str]:
    """What an appending process said before it was killed, right behind so many lines."""
    command = [sys.executable, "-m", "tests.collector.spool_appender", str(folder), name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        said += process.stdout.readlines()
    return [line.strip() for line in said if line.endswith("\n")]


def test_every_append_that_returned_outlives_a_hundred_kills(tmp_path: Path) -> None:
    chance = random.Random(14)
    returned: list[str] = []
    given_up: set[str] = set()
    for run in range(KILLS):
        for line in run_and_kill(tmp_path, str(run), chance.choice([1, 1, 2, 5, 20, 60])):
            word, told = line.split()
            if word == "kept":
                returned.append(told)
            else:
                given_up.add(told)
    spool = Spool(tmp_path, 2**30)
    there = [identity(spool.read(record) or b"") for record in spool.oldest(10**9)]
    assert len(there) == len(set(there))
    assert set(returned) - given_up <= set(there)
    assert len(given_up & set(there)) <= KILLS  # one a kill may have been said and not yet done
    assert len(set(there) - set(returned)) <= KILLS * 3  # one a thread may have been kept and not yet said
    assert not list(tmp_path.glob("quarantine/*"))
    assert len(returned) > KILLS
