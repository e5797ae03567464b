"""Runs a Flux text as a task inside influxd and takes the time that influxd itself states, so nothing is encoded."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from influx.client import Database, Refused
from influx.stack import Listing, Named
from tests.eventually import eventually


class Run(Struct, rename="camel"):
    id: str
    status: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None


def time_of(database: Database, text: str, minute: datetime) -> float:
    """Seconds that influxd needs for the text as a task's run scheduled for `minute`. RuntimeError: the run failed."""
    org = database.request("GET", "orgs", Listing).orgs[0].id
    task = 'option task = {name: "bench", every: 1000d}\n'
    imports, rest = _split(text)
    made = database.request("POST", "tasks", Named, {"orgID": org, "flux": f"{imports}\n{task}\n{rest}"})
    try:
        body = {"scheduledFor": minute.isoformat().replace("+00:00", "Z")}
        run = database.request("POST", f"tasks/{made.id}/runs", Run, body)

        def ended() -> Run | None:
            try:
                seen = database.request("GET", f"tasks/{made.id}/runs/{run.id}", Run)
            except Refused:
                return None  # between the queue of runs and their history it is in neither
            return seen if seen.finished_at and seen.status in ("success", "failed", "canceled") else None

        seen = eventually(ended, "the end of the run", within_s=900, every_s=0.1) or Run(run.id)
        if seen.status != "success" or seen.started_at is None or seen.finished_at is None:
            logs = database.request("GET", f"tasks/{made.id}/logs", Any)
            raise RuntimeError(f"the run {seen.status}: {logs}")
        return (seen.finished_at - seen.started_at) / timedelta(seconds=1)
    finally:
        database.request("DELETE", f"tasks/{made.id}", Any)


def _split(text: str) -> tuple[str, str]:
    """The imports, behind which options may follow, and the rest."""
    lines = text.splitlines(keepends=True)
    at = max(number for number, line in enumerate(lines) if line.startswith("import ")) + 1
    return "".join(lines[:at]), "".join(lines[at:])


class Listed(Struct, rename="camel"):
    """The tasks or the notification rules of the database."""

    tasks: list[Named] = []
    notification_rules: list[Named] = []


def stop_tasks(database: Database) -> None:
    """The database's own tasks and its notification rule would run in between."""
    for task in database.request("GET", "tasks", Listed, limit="100").tasks:
        database.request("PATCH", f"tasks/{task.id}", Any, {"status": "inactive"})
    for rule in database.request("GET", "notificationRules", Listed).notification_rules:
        database.request("PATCH", f"notificationRules/{rule.id}", Any, {"name": rule.name, "status": "inactive"})
