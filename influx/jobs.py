"""What runs inside the database, and when: every task and check with its file, its period and its parameters.

Offsets keep the jobs from starting all at once; each is longer than a poll takes, so a minute's quotes are there.
"""

from datetime import timedelta

from msgspec import Struct

from influx import flux


class Job(Struct, frozen=True):
    """A .flux file of this package that InfluxDB runs every `every`, `offset` late, with the option record `params`."""

    name: str
    file: str
    every: str
    offset: str
    params: dict[str, flux.Value] = {}

    @property
    def text(self) -> str:
        """The file with its parameters joined in."""
        return flux.with_options(flux.source(self.file), {"params": self.params} if self.params else {})


BOARD = Job("board", "tasks/board", "1m", "10s", {"silent_after": timedelta(minutes=15)})
PRICE_CHECK = Job(
    "check_price",
    "checks/ratio",
    "1m",
    "6s",
    # InfluxDB wants a check's id to be 16 hexadecimal digits.
    {"id": "000c01a0a7c40001", "rule": "price_3x", "metric": "price", "factor": 3.0, "fewest": 10},
)
JOBS = (BOARD, PRICE_CHECK)
