"""What runs inside the database, and when: every task and check with its file, its period and its parameters.

Offsets keep the jobs from starting all at once; each is longer than a poll takes, so a minute's quotes are there.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from msgspec import Struct

from influx import flux, rules, schema
from influx.check import FILE, WRITTEN, cases, checks, params, run_name, runs
from influx.settings import Settings

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BOARD = "board"


class Job(Struct, frozen=True):
    """A .flux file of this package that InfluxDB runs every `every`, `offset` late, with the option record `params`."""

    name: str
    file: str
    every: str
    offset: str
    params: dict[str, flux.Value] = {}
    cases: Sequence[str] = ()
    """Which of the file's parts that are for some cases only it needs."""

    @property
    def text(self) -> str:
        """The file with its parameters joined in."""
        return flux.with_params(flux.source(self.file, *self.cases), self.params)


def jobs(settings: Settings) -> Iterator[Job]:
    """Every task and check that these settings ask for."""
    yield board(settings)
    yield from rollups(settings)
    for together in runs(checks(rules.current(settings), settings)):
        first, given = together[0], params(together)
        yield Job(run_name(together), FILE, f"{first.step_s}s", f"{first.after_s}s", given, [*cases(given), WRITTEN])


def board(settings: Settings) -> Job:
    """The board, each minute."""
    return Job(BOARD, "tasks/board", "1m", "10s", {"silent_after": timedelta(seconds=settings.silent_after)})


def rollups(settings: Settings) -> Iterator[Job]:
    """hourly and daily soon after the window; again later, further back, for what came late.

    Never further back than raw points are surely kept: a window that has lost some must not be written again.
    """
    kept = timedelta(seconds=settings.retention)
    yield Job("hourly", "tasks/rollup", "5m", "35s", rollup_params(schema.HOURLY.name, HOUR, 3))
    yield Job("hourly_late", "tasks/rollup", "1h", "2m40s", rollup_params(schema.HOURLY.name, HOUR, 26))
    yield Job("hourly_all", "tasks/rollup", "1d", "17m", rollup_params(schema.HOURLY.name, HOUR, kept // HOUR - 1))
    yield Job("daily", "tasks/rollup", "1h", "3m30s", rollup_params(schema.DAILY.name, DAY, 2))
    yield Job("daily_all", "tasks/rollup", "1d", "37m", rollup_params(schema.DAILY.name, DAY, kept // DAY - 1))


def rollup_params(bucket: str, every: timedelta, windows: int) -> dict[str, flux.Value]:
    """rollup.flux's parameters for the last `windows` full windows."""
    numbers = list(range(1, windows + 1)) if windows > 1 else [1, 1]
    return {"bucket": bucket, "every": every, "back": windows * every, "windows": numbers}
