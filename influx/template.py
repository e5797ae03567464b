"""The manifest of everything that setup puts into the database, as an InfluxDB template.

Format: https://docs.influxdata.com/influxdb/v2/influxdb-templates/
"""

from typing import Any

from influx import schema
from influx.jobs import jobs
from influx.settings import Settings

HOOK_SECRET = "coinwatch-hook"  # the name under which the organisation keeps the hook's bearer token


def resource(kind: str, meta_name: str, /, **spec: Any) -> dict[str, Any]:
    return {"apiVersion": "influxdata.com/v2alpha1", "kind": kind, "metadata": {"name": meta_name}, "spec": spec}


def manifest(settings: Settings) -> list[dict[str, Any]]:
    """The template that the stack applies: buckets, tasks and checks, the notification endpoint and its rule."""
    kept = {bucket.name: bucket.kept_s for bucket in schema.BUCKETS} | {schema.QUOTES.name: settings.retention}
    resources = []
    for bucket in schema.BUCKETS:
        rules = [{"type": "expire", "everySeconds": kept[bucket.name]}] if kept[bucket.name] else []
        resources.append(
            resource("Bucket", bucket.name, name=bucket.name, description=bucket.holds, retentionRules=rules)
        )
    for job in jobs(settings):
        # A resource's name has letters, digits and hyphens, 63 at most: a run goes by the first of its checks.
        name = job.name.split("+")[0].replace("_", "-")
        resources.append(resource("Task", name, name=job.name, every=job.every, offset=job.offset, query=job.text))
    resources.append(
        resource(
            "NotificationEndpointHTTP",
            "api",
            name="coinwatch api",
            url=settings.hook_url or f"{settings.api_url}/hooks/influxdb",
            method="POST",
            type="bearer",
            token={"secretRef": {"key": HOOK_SECRET}},
            status="active",
        )
    )
    resources.append(
        resource(
            "NotificationRule",
            "alerts",
            name="coinwatch alerts",
            endpointName="api",
            # Each run takes the statuses of the `every` before it; the offset lets what is being written arrive.
            every="5s",
            offset="1s",
            messageTemplate="${r._message}",
            statusRules=[{"currentLevel": "CRIT"}],
            status="active",
        )
    )
    return resources
