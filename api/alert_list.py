"""GET /alerts: the alerts as they were logged, the newest first."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from api import asked as words
from api import pair_name
from api.paging import Paged, Pages, cut
from api.service import Service
from api.span import EARLIEST, TIME_PATTERN, TIMES, moment
from influx import flux

DAYS = 7
MOST = 10_000


class Asked(Pages, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which alerts."""

    pair: Annotated[
        str | None,
        Meta(description="only of this pair", examples=["dogeusd"], extra_json_schema={"pattern": pair_name.PATTERN}),
    ] = None
    metric: Annotated[
        Literal["price", "volume", "traded"] | None, Meta(description="only of this metric", examples=["price"])
    ] = None
    since: Annotated[
        str | None,
        Meta(
            description=f"from this moment on ({TIMES}); the last {DAYS} days unless told",
            examples=["2026-11-23T00:00:00Z"],
            extra_json_schema={"pattern": TIME_PATTERN},
        ),
    ] = None


class Alert(Struct, frozen=True):
    """One value that broke a rule."""

    time: Annotated[datetime, Meta(description="the quote's own time", examples=["2026-11-24T12:00:00Z"])]
    exchange: Annotated[str, Meta(examples=["kraken"])]
    pair: words.PairName
    metric: Annotated[str, Meta(description="price, volume or traded", examples=["price"])]
    rule: Annotated[str, Meta(description="the rule's name", examples=["price_3x"])]
    price: Annotated[float | None, Meta(description="the pair's price then, whatever the metric", examples=[0.31])]
    value: Annotated[float | None, Meta(description="the metric's value", examples=[0.31])]
    mean: Annotated[float | None, Meta(description="its mean of the hour before", examples=[0.1])]
    ratio: Annotated[float | None, Meta(description="value against mean", examples=[3.1])]
    late: Annotated[bool, Meta(description="it was judged after the fact", examples=[False])]


class Alerts(Paged, frozen=True, kw_only=True):
    """A page of alerts."""

    alerts: list[Alert]


class Found(Struct):
    """A row of queries/alerts."""

    exchange: str
    pair: str
    metric: str
    rule: str
    time: datetime = msgspec.field(name="_time")
    price: float | None = None
    value: float | None = None
    mean: float | None = None
    ratio: float | None = None
    late: bool = False


def alerts(service: Service, asked: Asked) -> Alerts:
    """List what was alerted, the newest first."""
    now = datetime.fromtimestamp(service.clock(), UTC)
    since = (
        datetime.fromtimestamp(moment("since", asked.since), UTC)
        if asked.since is not None
        else now - timedelta(days=DAYS)
    )
    params: flux.Options = {
        "from": max(since, EARLIEST),
        "to": max(now, since) + timedelta(minutes=1),
        "pair": pair_name.parse(asked.pair) if asked.pair is not None else "",
        "metric": asked.metric or "",
        "most": MOST,
    }
    rows = [
        Alert(
            row.time, row.exchange, row.pair, row.metric, row.rule, row.price, row.value, row.mean, row.ratio, row.late
        )
        for row in service.require_database().query("alerts", Found, params)
    ]
    return Alerts(total=len(rows), page=asked.page, per_page=asked.per_page, alerts=list(cut(rows, asked)))
