"""Has InfluxDB itself run one of its tasks at once."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from influx.client import Database, Refused
from tests.eventually import eventually


class Task(Struct):
    id: str
    name: str


class Tasks(Struct):
    tasks: list[Task]


class Run(Struct):
    id: str
    status: str = ""


def run_task(database: Database, name: str, at: datetime) -> None:
    """Lets InfluxDB itself run its task as scheduled for `at`, and waits for the end."""
    task = next(task for task in database.request("GET", "tasks", Tasks, limit="100").tasks if task.name == name)
    body = {"scheduledFor": at.isoformat().replace("+00:00", "Z")}
    run = database.request("POST", f"tasks/{task.id}/runs", Run, body)

    def ended() -> str | None:
        try:
            status = database.request("GET", f"tasks/{task.id}/runs/{run.id}", Run).status
        except Refused:
            return None  # between the queue of runs and their history it is in neither
        return status if status in ("success", "failed", "canceled") else None

    status = eventually(ended, f"the end of {name}'s run")
    logs = database.request("GET", f"tasks/{task.id}/logs", Any)
    assert status == "success", msgspec.json.encode(logs).decode()[-2000:]
