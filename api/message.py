"""What people are told: an episode's first value, a further high, its end; many at once as a digest."""

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct

from api.alert import NS, Alert, plain
from influx.outage import duration
from influx.rules import Level, Move, Rule

MOST_LINES = 20


class Message(Struct, frozen=True):
    """One message as it waits; `alert` is there where other exchanges can confirm it."""

    title: str
    text: str
    link: str = ""
    alert: Alert | None = None


def first(alert: Alert, rule: Rule | None, link: str) -> Message:
    """An episode begins."""
    return Message(f"{alert.message} on {alert.exchange}", _told(alert, rule), link, alert)


def further(alert: Alert, rule: Rule | None, link: str) -> Message:
    """A new high within an episode."""
    return Message(f"Further: {alert.message} on {alert.exchange}", _told(alert, rule), link, alert)


def over(exchange: str, pair: str, rule: str, count: int, span_ns: tuple[int, int], peak: float, link: str) -> Message:
    """An episode is over."""
    began_ns, last_ns = span_ns
    values = "1 value" if count == 1 else f"{count} values in {duration((last_ns - began_ns) / NS)}"
    text = f"{values} from {_time(began_ns)} on, {peak:.3g} x at most\nrule {rule}"
    return Message(f"Over: {pair} on {exchange}", text, link)


def whole(message: Message, elsewhere: int) -> str:
    """The text as it is sent, with how many other exchanges show the same."""
    lines = [message.text]
    if message.alert is not None:
        others = f"{elsewhere} other exchange{'s show' if elsewhere > 1 else ' shows'} it too"
        lines.append(others if elsewhere else "no other exchange shows it")
    return "\n".join([*lines, message.link] if message.link else lines)


def digest(messages: Sequence[Message], link: str) -> tuple[str, str]:
    """Title and text of many messages in one: those with the largest ratios by name, the others by number."""
    ordered = sorted(messages, key=lambda message: -message.alert.distance if message.alert else 0)
    lines = [f"{message.title}: {message.text.splitlines()[0]}" for message in ordered[:MOST_LINES]]
    if len(ordered) > MOST_LINES:
        lines.append(f"and {len(ordered) - MOST_LINES} more")
    return f"{len(messages)} messages at once", "\n".join([*lines, link])


def _told(alert: Alert, rule: Rule | None) -> str:
    value, mean = plain(alert.value), f"{alert.mean:.6g}"
    match rule:
        case Move(within=within):
            change = f"{alert.metric} {value} is {(alert.ratio - 1) * 100:+.3g} % from {mean} within {duration(within)}"
        case Level():
            side = "above" if alert.ratio > 1 else "below"
            change = f"{alert.metric} {value} is {side} {mean}"
        case _:
            change = f"{alert.metric} {value} is {alert.ratio:.3g} x its mean {mean} of the hour before"
    late = ", judged late" if alert.late else ""
    return f"{change}\nprice {plain(alert.price)} at {_time(alert.time_ns)}{late}; rule {alert.rule}"


def _time(time_ns: int) -> str:
    return datetime.fromtimestamp(time_ns // NS, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
