"""An alert as it is stored and logged."""

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from msgspec import Struct

from influx import schema
from influx.judge import Status
from influx.log import utc

Identity = tuple[str, str, str, str, int]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NS = 10**9


class Alert(Struct, frozen=True):
    """One value that broke a rule; `time_ns` is the quote's own time, Unix nanoseconds."""

    exchange: str
    pair: str
    metric: str
    rule: str
    time_ns: int
    price: float
    value: float
    mean: float
    ratio: float
    late: bool

    @property
    def identity(self) -> Identity:
        """What makes it the same alert when it comes again."""
        return self.rule, self.exchange, self.pair, self.metric, self.time_ns

    @property
    def time(self) -> datetime:
        """The quote's own time."""
        return EPOCH + timedelta(microseconds=self.time_ns // 1000)

    @property
    def distance(self) -> float:
        """How many times the value is above or below its reference, 1 or more."""
        if self.ratio >= 1:
            return self.ratio
        return 1 / self.ratio if self.ratio > 0 else math.inf

    @property
    def message(self) -> str:
        """The line that is logged."""
        return f"Alert {plain(self.price)} {self.pair}"

    @property
    def members(self) -> dict[str, object]:
        """What the log's record holds beside the message."""
        return {
            "exchange": self.exchange,
            "pair": self.pair,
            "metric": self.metric,
            "value": self.value,
            "mean": self.mean,
            "ratio": self.ratio,
            "rule": self.rule,
            "time": utc(self.time_ns // NS, "seconds"),
            "late": self.late,
        }

    @property
    def line(self) -> str:
        """The point of the alerts bucket, as line protocol."""
        tags = f"exchange={_tag(self.exchange)},metric={self.metric},pair={_tag(self.pair)},rule={_tag(self.rule)}"
        figures = f"price={self.price!r},value={self.value!r},mean={self.mean!r},ratio={self.ratio!r}"
        return f"{schema.ALERT},{tags} {figures},late={str(self.late).lower()} {self.time_ns}"


def of(status: Status) -> Alert:
    """The alert that a status means."""
    return Alert(
        exchange=status.exchange,
        pair=status.pair,
        metric=status.metric,
        rule=status.rule,
        time_ns=status.time_ns,
        price=status.price,
        value=status.value,
        mean=status.mean,
        ratio=status.value / status.mean,
        late=status.late,
    )


def nanoseconds(time: datetime) -> int:
    """A time as Unix nanoseconds."""
    return (time - EPOCH) // timedelta(microseconds=1) * 1000


def plain(number: float) -> str:
    """A number with all its significant digits and no exponent: 0.31, 301, 0.00000644."""
    return format(Decimal(repr(number)), "f").removesuffix(".0")


def _tag(value: str) -> str:
    return value.replace(",", "\\,").replace("=", "\\=").replace(" ", "\\ ")
