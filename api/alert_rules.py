"""GET /alerts/rules: the alert rules in force."""

from typing import Annotated

from msgspec import Meta, Struct

from api.service import Service
from influx import rules
from influx.rules import Level, Move, Ratio, Rule


class Asked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """No parameters."""


class RuleRow(Struct, frozen=True, kw_only=True):
    """A rule; what its kind does not have is null."""

    name: Annotated[str, Meta(examples=["price_3x"])]
    kind: Annotated[str, Meta(description="ratio, move or level", examples=["ratio"])]
    metric: Annotated[str, Meta(description="price, volume or traded", examples=["price"])]
    factor: Annotated[float | None, Meta(description="times the mean of the hour before", examples=[3.0])] = None
    fewest: Annotated[int | None, Meta(description="values that the hour must have", examples=[10])] = None
    percent: Annotated[float | None, Meta(description="how far it moved", examples=[None])] = None
    within_s: Annotated[int | None, Meta(description="in how long, seconds", examples=[None])] = None
    direction: Annotated[str | None, Meta(description="up, down or both", examples=[None])] = None
    above: Annotated[float | None, Meta(description="the level it is above", examples=[None])] = None
    below: Annotated[float | None, Meta(description="the level it is below", examples=[None])] = None
    for_s: Annotated[int, Meta(description="how long it must have held, seconds", examples=[0])]
    floor: Annotated[float, Meta(description="least turnover in quote currency", examples=[0.0])]
    pairs: Annotated[list[str], Meta(description="pairs it holds for; none: all", examples=[[]])]
    exchanges: Annotated[list[str], Meta(description="exchanges it holds for; none: all", examples=[[]])]
    channels: Annotated[list[str], Meta(description="channels that are told; none: all", examples=[[]])]
    cool_down_s: Annotated[int, Meta(description="quiet after which an episode is over, seconds", examples=[600])]
    further: Annotated[float, Meta(description="times its last told ratio a new high must be", examples=[1.5])]


class Rules(Struct, frozen=True):
    """All rules."""

    rules: list[RuleRow]


def alert_rules(service: Service, asked: Asked) -> Rules:
    """List the alert rules in force."""
    return Rules([row(rule) for rule in rules.in_force(service.settings)])


def row(rule: Rule) -> RuleRow:
    """A rule as it is answered."""
    return RuleRow(
        name=rule.name,
        kind=rule.kind,
        metric=rule.metric,
        factor=rule.factor if isinstance(rule, Ratio) else None,
        fewest=rule.fewest if isinstance(rule, Ratio) else None,
        percent=rule.percent if isinstance(rule, Move) else None,
        within_s=int(rule.within) if isinstance(rule, Move) else None,
        direction=rule.direction if isinstance(rule, Move) else None,
        above=rule.above if isinstance(rule, Level) else None,
        below=rule.below if isinstance(rule, Level) else None,
        for_s=int(rule.held),
        floor=rule.floor,
        pairs=rule.pairs,
        exchanges=rule.exchanges,
        channels=rule.channels,
        cool_down_s=int(rule.cool_down),
        further=rule.further,
    )
