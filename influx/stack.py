"""Applies the database's shape: onboarding, the template stack (template.py), the services' tokens (tokens.py).

A template stack creates and then updates in place; what the operator made by hand is not part of it.
API: https://docs.influxdata.com/influxdb/v2/influxdb-templates/
"""

import re
import secrets
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from influx import rules, schema, tokens
from influx.client import Database, Forbidden, Refused
from influx.settings import Settings
from influx.template import HOOK_SECRET, manifest

STACK = "coinwatch"
USER = "coinwatch"


class Named(Struct):
    """Anything that InfluxDB lists by name."""

    id: str
    name: str = ""


class Listing(Struct):
    """An answer that lists organisations, buckets or stacks."""

    orgs: list[Named] = []
    buckets: list[Named] = []
    stacks: list[Named] = []


class Onboarding(Struct):
    allowed: bool


class Resource(Struct, frozen=True):
    """One permission's resource."""

    type: str
    id: str = ""


class Permission(Struct, frozen=True):
    action: str
    resource: Resource


class Authorization(Struct):
    id: str
    description: str = ""
    permissions: list[Permission] = []


class Authorizations(Struct):
    authorizations: list[Authorization]


class Made(Struct):
    token: str


class Change(Struct, rename={"status": "stateStatus", "name": "templateMetaName"}):
    """One resource of a dry run: what the template wants beside what is there."""

    name: str
    status: str
    new: dict[str, Any] | None = None
    old: dict[str, Any] | None = None


class Diff(Struct, rename="camel"):
    buckets: list[Change] = []
    tasks: list[Change] = []
    notification_endpoints: list[Change] = []
    notification_rules: list[Change] = []


class Applied(Struct, rename={"stack_id": "stackID"}):
    stack_id: str
    diff: Diff = field(default_factory=Diff)


class Setup:
    """One run of `python -m influx setup`; every step looks first and changes only what differs."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def run(self) -> list[str]:
        """Brings the database into shape and says what it changed, nothing if nothing."""
        changes = list(self._onboard())
        operator = self._operator()
        try:
            self.database, self.org = operator, self._org(operator)
            operator.require_flux()
            return [*changes, *self._apply(), *self._tokens()]
        finally:
            operator.close()

    def _onboard(self) -> Iterator[str]:
        anonymous = Database(self.settings.url, self.settings.influx_org, "")
        try:
            anonymous.require_version_2()
            if self._may_onboard(anonymous):
                # Kept before it is sent: a stop in between must not lock us out.
                operator = self.settings.influx_token or self._kept(tokens.OPERATOR)
                body = {
                    "username": USER,
                    "password": self._kept("password"),
                    "org": self.settings.influx_org,
                    "bucket": schema.QUOTES.name,
                    "token": operator,
                }
                anonymous.request("POST", "setup", Any, body)
                yield f"onboarded organisation {self.settings.influx_org}"
        finally:
            anonymous.close()

    def _may_onboard(self, anonymous: Database) -> bool:
        try:
            return anonymous.request("GET", "setup", Onboarding).allowed
        except (Refused, Forbidden):
            return False  # a cloud has no onboarding

    def _kept(self, name: str) -> str:
        token = tokens.read(self.settings, name)
        if token is None:
            tokens.keep(self.settings, name, secrets.token_urlsafe(32))
        return tokens.read(self.settings, name) or ""

    def _operator(self) -> Database:
        token = self.settings.influx_token or tokens.read(self.settings, tokens.OPERATOR)
        if not token:
            raise Forbidden(
                f"{self.settings.url} is set up already and {tokens.path(self.settings, tokens.OPERATOR)} is missing; "
                "give an operator token by INFLUX_TOKEN or INFLUX_TOKEN_FILE"
            )
        return Database(self.settings.url, self.settings.influx_org, token, tokens.OPERATOR)

    def _org(self, database: Database) -> str:
        try:
            return database.request("GET", "orgs", Listing, org=self.settings.influx_org).orgs[0].id
        except (Refused, IndexError):
            wanted = self.settings.influx_org
            raise Refused(f"{self.settings.url} has no organisation {wanted}; set INFLUX_ORG") from None

    def _apply(self) -> Iterator[str]:
        stack = self._stack()
        yield from self._hook_secret()
        body = {"orgID": self.org, "stackID": stack, "template": {"contents": manifest(self.settings)}}
        planned = self.database.request("POST", "templates/apply", Applied, body | {"dryRun": True}).diff
        changes = list(_changes(planned))
        if changes:
            self.database.request("POST", "templates/apply", Applied, body)
        rules.put_in_force(self.settings)
        yield from changes

    def _stack(self) -> str:
        stacks = self.database.request("GET", "stacks", Listing, orgID=self.org, name=STACK).stacks
        if stacks:
            return stacks[0].id
        return self.database.request("POST", "stacks", Named, {"orgID": self.org, "name": STACK}).id

    def _hook_secret(self) -> Iterator[str]:
        if tokens.read(self.settings, tokens.HOOK) is None:
            yield f"made the token {tokens.HOOK}"
        secret = {HOOK_SECRET: self._kept(tokens.HOOK)}
        self.database.request("PATCH", f"orgs/{self.org}/secrets", Any, secret)

    def _tokens(self) -> Iterator[str]:
        buckets = self.database.request("GET", "buckets", Listing, orgID=self.org, limit="100").buckets
        ids = {bucket.name: bucket.id for bucket in buckets}
        listed = self.database.request("GET", "authorizations", Authorizations, orgID=self.org).authorizations
        for role in tokens.ROLES:
            description = f"coinwatch {role.name}"
            wanted = [Permission("read", Resource("buckets", ids[name])) for name in role.reads]
            wanted += [Permission("write", Resource("buckets", ids[name])) for name in role.writes]
            if any(name.startswith("_") for name in role.reads):
                # InfluxDB shows its own buckets only to those who may see the organisation.
                wanted.append(Permission("read", Resource("orgs", self.org)))
            there = [authorization for authorization in listed if authorization.description == description]
            if any(set(one.permissions) == set(wanted) for one in there) and self._works(role):
                continue
            body = {"orgID": self.org, "description": description, "permissions": wanted}
            tokens.keep(self.settings, role.name, self.database.request("POST", "authorizations", Made, body).token)
            for outdated in there:
                self.database.request("DELETE", f"authorizations/{outdated.id}", Any)
            yield f"made the token {role.name}"

    def _works(self, role: tokens.Role) -> bool:
        database = tokens.connect(self.settings, role)
        if database is None:
            return False
        try:
            database.request("GET", "buckets", Listing, limit="1")
        except Forbidden:
            return False
        finally:
            database.close()
        return True


def _changes(diff: Diff) -> Iterator[str]:
    kinds = {
        "bucket": diff.buckets,
        "task": diff.tasks,
        "notification endpoint": diff.notification_endpoints,
        "notification rule": diff.notification_rules,
    }
    for kind, changes in kinds.items():
        for change in changes:
            if change.status == "new" or not _wanted(change.old):
                yield f"made {kind} {change.name}"
            elif change.status == "remove":
                yield f"removed {kind} {change.name}"
            elif _wanted(change.new) != _wanted(change.old):
                yield f"updated {kind} {change.name}"


# What InfluxDB states on one side of a dry run only, or makes anew each time.
UNSTATED = {"id", "orgID", "createdAt", "updatedAt", "token", "endpointName", "messageTemplate", "tagRules"}


def _wanted(state: dict[str, Any] | None) -> dict[str, Any]:
    kept = {key: value for key, value in (state or {}).items() if key not in UNSTATED and value}
    if "query" in kept:
        kept["query"] = _plain(str(kept["query"]))
    return kept


def _plain(text: str) -> str:
    """A task's text without what InfluxDB adds or changes by itself: its own option task, the layout of the lines."""
    text = re.sub(r"^option task = \{.*?\}", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r",(?=[\])}])", "", re.sub(r"\s+", "", text))
