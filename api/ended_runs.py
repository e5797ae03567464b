"""Which runs of the database's tasks have ended well: what they were to make is there, whole."""

from datetime import datetime

from msgspec import Struct

from api.link import Link


class EndedRun(Struct, rename="camel"):
    """A row of queries/ended_runs: the task's name, and the time that the run was for."""

    name: str
    scheduled_for: datetime


def ended_runs(link: Link, since: datetime) -> list[EndedRun]:
    """Those that have started since then. Away: the database can't answer."""
    return link.query("ended_runs", EndedRun, {"from": since})
