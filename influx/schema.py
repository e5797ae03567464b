"""The database's shape: every bucket, measurement, tag and field name, once.

.flux files write these names out; tests/influx/test_schema.py holds them against this file.
"""

from msgspec import Struct

DAY_S = 86_400


class Bucket(Struct, frozen=True):
    """A bucket; `kept_s` is its retention in seconds, 0 for ever."""

    name: str
    kept_s: int
    holds: str


QUOTES = Bucket("quotes", 7 * DAY_S, "polled quotes and the exchanges' own minute candles, raw")
HOURLY = Bucket("hourly", 400 * DAY_S, "hourly statistics of quotes, hourly candles")
DAILY = Bucket("daily", 0, "daily statistics of quotes, daily candles")
BOARD = Bucket("board", 2 * DAY_S, "one row a series a minute: newest values and sliding 24 h statistics")
OPS = Bucket("ops", 30 * DAY_S, "telemetry of the services and of influxd")
ALERTS = Bucket("alerts", 0, "every alert once, as it was logged")
EVENTS = Bucket("events", 0, "pairs listed, renamed, frozen, delisted; exchanges' states")
BUCKETS = (QUOTES, HOURLY, DAILY, BOARD, OPS, ALERTS, EVENTS)

MONITORING = "_monitoring"  # InfluxDB's own bucket of statuses
"""Where monitor.check writes; InfluxDB makes it with the organisation and keeps it 7 days."""

# Measurements of quotes, hourly and daily.
QUOTE = "quote"
CANDLE = "candle"

# Tags of every market series, in the order that line protocol wants them (sorted).
TAGS = ("base", "exchange", "pair", "quote")

# Fields of a quote: price in quote currency; volume over the exchange's rolling 24 h in base currency;
# quote_volume the same in quote currency; healed only where a candle stands in for a missed poll.
QUOTE_FIELDS = ("price", "volume", "quote_volume", "healed")

# Fields of a candle: prices in quote currency, volume traded in that minute in base currency.
CANDLE_FIELDS = ("open", "high", "low", "close", "volume")

# A statistics row of the board, of hourly and of daily names its field METRIC_STATISTIC, e.g. price_stddev.
METRICS = ("price", "volume")
STATISTICS = ("count", "mean", "stddev", "min", "max", "first")
ROLLUP_STATISTICS = (*STATISTICS, "last")

# The board: measurement `board`, the tags above, at the minute. Fields: price, volume, quote_volume (newest, at most
# 15 min old), price_mean_1h, volume_mean_1h, traded_1h (from candles), and METRIC_STATISTIC over the sliding 24 h;
# price_first_ns is the time of price_first in Unix ns (a float: good to 256 ns), healed_count how many of price_count
# are healed.
BOARD_ROW = "board"
BOARD_FIELDS = (
    "price",
    "volume",
    "quote_volume",
    "price_mean_1h",
    "volume_mean_1h",
    "traded_1h",
    *(f"{metric}_{statistic}" for metric in METRICS for statistic in STATISTICS),
    "price_first_ns",
    "healed_count",
)

# Events. `exchange_state`: state is ok, limited, banned, blocked, changed or down; reason is a text, until RFC 3339 or
# empty. `pair_event`: kind is listed, renamed, frozen or delisted.
EXCHANGE_STATE = "exchange_state"
PAIR_EVENT = "pair_event"

# How far an exchange's candles are filled in: done, total and failed count pairs, healed and lost minutes, all floats;
# reason says why the last of them failed. Over: done = total.
BACKFILL = "backfill"

# What the collector wrote too late for the check of its tick: measurement is quote or candle; start and stop are the
# first and the last such time (RFC 3339, both included).
LATE_RANGE = "late_range"

# Alerts: price, value, mean and ratio are floats, late is a boolean.
ALERT = "alert"


class Measurement(Struct, frozen=True):
    """What a bucket holds under one name; `time` says which moment a row stands at."""

    bucket: Bucket
    name: str
    tags: tuple[str, ...]
    fields: tuple[str, ...]
    time: str


ROLLUP_FIELDS = tuple(f"{metric}_{statistic}" for metric in METRICS for statistic in ROLLUP_STATISTICS)

MEASUREMENTS = (
    Measurement(QUOTES, QUOTE, TAGS, QUOTE_FIELDS, "the tick"),
    Measurement(QUOTES, CANDLE, TAGS, CANDLE_FIELDS, "the minute's start"),
    Measurement(HOURLY, QUOTE, TAGS, ROLLUP_FIELDS, "the hour's start, UTC"),
    Measurement(HOURLY, CANDLE, TAGS, CANDLE_FIELDS, "the hour's start, UTC"),
    Measurement(DAILY, QUOTE, TAGS, ROLLUP_FIELDS, "the day's start, UTC"),
    Measurement(DAILY, CANDLE, TAGS, CANDLE_FIELDS, "the day's start, UTC"),
    Measurement(BOARD, BOARD_ROW, TAGS, BOARD_FIELDS, "the minute"),
    Measurement(EVENTS, EXCHANGE_STATE, ("exchange",), ("state", "reason", "until"), "the change"),
    Measurement(EVENTS, PAIR_EVENT, (*TAGS, "kind"), ("detail",), "the discovery"),
    Measurement(EVENTS, BACKFILL, ("exchange",), ("done", "total", "healed", "lost", "failed", "reason"), "the report"),
    Measurement(EVENTS, LATE_RANGE, ("exchange", "measurement"), ("start", "stop"), "the write"),
    Measurement(
        ALERTS,
        ALERT,
        ("exchange", "pair", "metric", "rule"),
        ("price", "value", "mean", "ratio", "late"),
        "the quote's",
    ),
)
