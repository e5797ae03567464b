"""An alert as it is stored and logged, and the status of InfluxDB's that it is made from."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from msgspec import Struct, field

from influx import schema

Identity = tuple[str, str, str, str, int]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Status(Struct, frozen=True):
    """A status that a check raised for a series: a row of _monitoring, or the body of a notification."""

    rule: str = field(name="_check_name")
    exchange: str
    pair: str
    metric: str
    price: float
    value: float
    mean: float
    ratio: float
    time_ns: int = field(name="_source_timestamp")
    late: bool = False


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
    def message(self) -> str:
        """The line that is logged."""
        return f"Alert {plain(self.price)} {self.pair}"

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
        ratio=status.ratio,
        late=status.late,
    )


def plain(number: float) -> str:
    """A number with all its significant digits and no exponent: 0.31, 301, 0.00000644."""
    text = format(Decimal(repr(number)), "f")
    return text.removesuffix(".0")


def _tag(value: str) -> str:
    return value.replace(",", "\\,").replace("=", "\\=").replace(" ", "\\ ")
