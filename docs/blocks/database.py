"""The database's shape: buckets, measurements, jobs, tokens, and what else the template stack brings."""

import itertools
import re
from collections.abc import Container, Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from docs.markdown import code, codes, fenced, table
from influx import flux, schema, tokens
from influx.jobs import Job, jobs
from influx.settings import Settings
from influx.template import manifest

DAY_S = 86_400
NOT_TOLD = {"writes"}  # parameters that are the same for every job
NOT_TOLD_OF_CHECK = {"name", "id", "rule", "metric", "field"}  # what its name and the fields say
UNITS = ((timedelta(days=1), "d"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "m"), (timedelta(seconds=1), "s"))


def bucket_table() -> str:
    """A row a bucket."""
    head = ("bucket", "kept", "holds")
    return table(head, ([code(one.name), _kept(one.kept_s), one.holds] for one in schema.BUCKETS))


def _kept(kept_s: int) -> str:
    return f"{kept_s // DAY_S} d" if kept_s else "for ever"


def measurement_table() -> str:
    """A row a measurement of a bucket."""
    head = ("bucket", "measurement", "stands at", "tags", "fields")
    return table(
        head,
        (
            [code(one.bucket.name), code(one.name), one.time, codes(one.tags), codes(one.fields)]
            for one in schema.MEASUREMENTS
        ),
    )


def job_table() -> str:
    """A row a task or check, with what its file's header says of it."""
    head = ("task", "file", "every", "offset", "parameters")
    return table(
        head,
        (
            [
                code(job.name),
                f"[{job.file}.flux](../influx/{job.file}.flux)",
                job.every,
                job.offset,
                _values(job.params),
            ]
            for job in _jobs()
        ),
    )


def _jobs() -> list[Job]:
    with TemporaryDirectory() as home:  # where nobody has changed the alert rules
        return list(jobs(Settings(home=Path(home))))


def _values(params: Mapping[str, flux.Value], left_out: Container[str] = NOT_TOLD) -> str:
    return ", ".join(f"{name} {_value(value)}" for name, value in params.items() if value and name not in left_out)


def _value(value: flux.Value) -> str:
    match value:
        case timedelta():
            return next(f"{value // unit}{letter}" for unit, letter in UNITS if value % unit == timedelta())
        case [int(first), *_, int(last)] if value == list(range(first, last + 1)):
            return f"{first} to {last}"  # windows, numbered
        case list():
            return ", ".join(map(_value, value))
        case dict():  # a check of a run
            return f"{value['name']} ({_values(value, NOT_TOLD_OF_CHECK)})"
        case _:
            return str(value)


def flux_headers() -> str:
    """What each file of tasks and checks says of itself."""
    files = dict.fromkeys(job.file for job in _jobs())
    return "\n\n".join(fenced(_header(flux.source(file))) for file in files)


def _header(text: str) -> str:
    comment = itertools.takewhile(lambda line: line.startswith("//"), text.splitlines())
    return "\n".join(re.sub("^// ?", "", line).rstrip() for line in comment)


def token_table() -> str:
    """A row a service's token."""
    head = ("token", "reads", "writes")
    rows = [[code(role.name), codes(role.reads), codes(role.writes)] for role in tokens.ROLES]
    return table(head, rows)


def resource_table() -> str:
    """How many resources of each kind the template stack holds, and their names."""
    names: dict[str, list[str]] = {}
    with TemporaryDirectory() as home:
        resources = manifest(Settings(home=Path(home)))
    for resource in resources:
        names.setdefault(resource["kind"], []).append(resource["spec"]["name"])
    return table(("kind", "number", "names"), ([kind, str(len(of)), codes(of)] for kind, of in names.items()))
