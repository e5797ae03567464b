"""What runs inside the database: distinct names and moments, parameters joined in, limits from the settings."""

import re
from collections import defaultdict
from pathlib import Path

import msgspec
import pytest

from influx import flux, jobs, server_process
from influx.settings import Settings

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def in_seconds(duration: str) -> int:
    """Seconds of a Flux duration such as 2m40s."""
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([smhd])", duration))


def test_no_task_starts_at_the_same_moment_as_another_job() -> None:
    starts: dict[int, list[str]] = defaultdict(list)
    for job in jobs.jobs(Settings()):
        for at in range(in_seconds(job.offset), 86_400, in_seconds(job.every)):
            starts[at].append(job.file)
    together = [files for files in starts.values() if len(files) > 1]
    assert [files for files in together if any(file.startswith("tasks/") for file in files)] == []


def test_every_job_has_a_name_of_its_own() -> None:
    names = [job.name for job in jobs.jobs(Settings())]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("job", list(jobs.jobs(Settings())), ids=lambda job: job.name)
def test_every_parameter_that_a_file_reads_is_given_and_every_given_one_is_read(job: jobs.Job) -> None:
    text = re.sub(r"//.*", "", (flux.HERE / f"{job.file}.flux").read_text())
    assert set(re.findall(r"\bparams\.(\w+)", text)) == set(job.params)


def test_the_silence_after_which_a_pair_leaves_the_board_is_a_setting() -> None:
    assert "silent_after: 1200000000us" in jobs.board(Settings(silent_after=1200)).text


def test_influxd_gets_its_memory_and_concurrency_from_the_settings() -> None:
    settings = msgspec.structs.replace(Settings(), query_memory=512, query_concurrency=3)
    command = server_process.command(Path("influxd"), settings)
    assert "--query-memory-bytes=536870912" in command
    assert "--query-concurrency=3" in command
