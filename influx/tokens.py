"""Who may do what in the database: one least-privilege token a service, each in a file of mode 600."""

import os
from pathlib import Path

from msgspec import Struct

from influx import schema
from influx.client import Database
from influx.settings import Secret, Settings

ALL = tuple(bucket.name for bucket in schema.BUCKETS)


class Role(Struct, frozen=True):
    """A service and the buckets that it reads and writes."""

    name: str
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()


COLLECTOR = Role("collector", reads=("quotes", "events"), writes=("quotes", "events"))
API = Role("api", reads=(*ALL, schema.MONITORING, "_tasks"), writes=("alerts",))
GRAFANA = Role("grafana", reads=(*ALL, schema.MONITORING, "_tasks"))
JUDGE = Role(
    "judge",
    reads=("quotes", "events", "alerts", schema.MONITORING, "_tasks"),
    writes=("alerts", schema.MONITORING),
)
"""The API's first process, for ticks that are judged after the fact; its workers can't write statuses."""
ROLES = (COLLECTOR, API, GRAFANA, JUDGE)

OPERATOR = "operator"
HOOK = "hook"  # the bearer token with which InfluxDB's notifications come to the API


def path(settings: Settings, name: str) -> Path:
    """Where a token is kept."""
    return settings.home / "tokens" / name


def keep(settings: Settings, name: str, token: str) -> None:
    """Writes a token's file whole or not at all, readable by its owner only."""
    target = path(settings, name)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f".{name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(token)
        os.fsync(file.fileno())
    draft.replace(target)


def read(settings: Settings, name: str) -> Secret | None:
    """A token, or None while there is none yet."""
    try:
        return Secret(path(settings, name).read_text())
    except FileNotFoundError:
        return None


def connect(settings: Settings, role: Role, timeout_s: float = 30) -> Database | None:
    """The database as that role may use it, or None while setup has not made its token yet."""
    token = read(settings, role.name)
    return None if token is None else Database(settings.url, settings.influx_org, token, role.name, timeout_s)
