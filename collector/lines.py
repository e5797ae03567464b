"""Quotes to line protocol: codes joined with pairs, aliases mended, figures checked. The hot path of the collector.

Everything of a line that stays the same is written once a pair, at discovery; a quote costs one look-up, one
comparison and one formatting. Line protocol: https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from math import inf, isfinite

import msgspec
from msgspec import Struct

from collector.decode import BadRow
from collector.exchange import Pair, Quote
from influx import schema

NS = 1_000_000_000
SHOWN = 5  # bad rows named in one line


class Market(Struct, frozen=True):
    """A pair as it is stored: common names, lower case."""

    pair: str
    base: str
    quote: str


class Shard(Struct, frozen=True):
    """The part of all series that this collector takes: `number` of `of`, counted from 1."""

    number: int = 1
    of: int = 1

    def takes(self, exchange: str, pair: str) -> bool:
        """Whether a series is ours, by a hash that is the same on every machine."""
        return self.of == 1 or zlib.crc32(f"{exchange} {pair}".encode()) % self.of == self.number - 1


WHOLE = Shard()


class Bad(Struct, frozen=True):
    """A row that was left out: its code or place, why in the words of REASONS, and what more there is to say."""

    code: str
    reason: str
    detail: str = ""


class Encoded(Struct):
    """A poll's lines and the rows that were left out."""

    lines: list[str]
    bad: list[Bad]
    unlisted: int = 0
    """Tickers that belong to no pair of ours: closed, not spot, another shard's."""

    def add(self, other: "Encoded", bad: Iterable[BadRow]) -> None:
        """Adds another answer's lines, and the rows of it that could not be decoded."""
        self.lines += other.lines
        self.bad += other.bad
        self.bad += unreadable(bad)
        self.unlisted += other.unlisted

    def why_nothing(self) -> str:
        """Why there is no line at all."""
        if self.bad:
            return f"no usable figures, {reasons(self.bad)}: {told(self.bad)}"
        return f"none of the {self.unlisted} tickers is of a listed pair" if self.unlisted else "the answer is empty"


def market(pair: Pair, aliases: Mapping[str, str]) -> Market:
    """A pair under the common names. ValueError: a name that no tag can hold."""
    base = aliases.get(pair.base, pair.base).lower()
    quote = aliases.get(pair.quote, pair.quote).lower()
    for name in (base, quote):
        if not name or not name.isprintable() or "\\" in name or name != name.strip():
            raise ValueError(f"has the currency {name!r}")
    return Market(base + quote, base, quote)


def tag(value: str) -> str:
    """A tag's value, escaped."""
    return value.replace(",", "\\,").replace("=", "\\=").replace(" ", "\\ ")


def text(value: str) -> str:
    """A string field's value, quoted."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def tags(exchange: str, market: Market) -> str:
    """The tags of every market series, in their sorted order."""
    return f"base={tag(market.base)},exchange={tag(exchange)},pair={tag(market.pair)},quote={tag(market.quote)}"


class Join(Struct):
    """An exchange's codes joined with its series; what could not be joined and why."""

    prefixes: dict[str, str]
    """By code, also by the other codes of a pair: the line up to the price."""
    markets: dict[str, Market]
    """By code, one a series, only ours."""
    left_out: list[Bad]


def join(exchange: str, aliases: Mapping[str, str], pairs: Iterable[Pair], shard: Shard = WHOLE) -> Join:
    """Joins an exchange's pairs. Of two codes that mean one pair the alphabetically first is kept."""
    result = Join({}, {}, [])
    taken: dict[str, str] = {}
    others: list[tuple[Pair, str]] = []
    for pair in sorted(pairs, key=lambda pair: pair.code):
        try:
            found = market(pair, aliases)
        except ValueError as error:
            result.left_out.append(Bad(pair.code, "unreadable", str(error)))
            continue
        if (first := taken.setdefault(found.pair, pair.code)) != pair.code:
            result.left_out.append(Bad(pair.code, "double", f"is {found.pair}, which {first!r} is already"))
        elif shard.takes(exchange, found.pair):
            prefix = f"{schema.QUOTE},{tags(exchange, found)} price="
            result.markets[pair.code] = found
            result.prefixes[pair.code] = prefix
            others.append((pair, prefix))
    for pair, prefix in others:  # a code of its own goes before another pair's second name
        for code in pair.also:
            result.prefixes.setdefault(code, prefix)
    return result


def encode(prefixes: Mapping[str, str], quotes: Iterable[Quote], tick_s: int) -> Encoded:
    """The quotes' lines at their tick."""
    bad: list[Bad] = []
    unlisted = 0
    starts: list[str] = []
    prices: list[float] = []
    volumes: list[float | None] = []
    quote_volumes: list[float | None] = []
    look_up = prefixes.get
    for quote in quotes:
        start = look_up(quote.code)
        if start is None:
            unlisted += 1
            continue
        price, volume, quote_volume = quote.price, quote.volume, quote.quote_volume
        # A comparison with NaN is false, so each of these lets only ordinary numbers pass.
        if (
            0.0 < price < inf
            and (volume is None or 0.0 <= volume < inf)
            and (quote_volume is None or 0.0 <= quote_volume < inf)
        ):
            starts.append(start)
            prices.append(price)
            volumes.append(volume)
            quote_volumes.append(quote_volume)
        else:
            bad.append(Bad(quote.code, _why(quote)))
    end = f" {tick_s * NS}"
    rows = zip(starts, _written(prices), _written(volumes), _written(quote_volumes), strict=True)
    lines = [
        f"{start}{price},volume={volume},quote_volume={quote_volume}{end}"
        if volume != NONE != quote_volume
        else start + _partial(price, volume, quote_volume) + end
        for start, price, volume, quote_volume in rows
    ]
    return Encoded(lines, bad, unlisted)


NONE = "null"


def _written(figures: Sequence[float | None]) -> list[str]:
    """Each figure as text; all in one call of msgspec, which is three times as fast as a repr for each."""
    return msgspec.json.encode(figures)[1:-1].decode().split(",") if figures else []


def _partial(price: str, volume: str, quote_volume: str) -> str:
    written = price
    if volume != NONE:
        written += f",volume={volume}"
    if quote_volume != NONE:
        written += f",quote_volume={quote_volume}"
    return written


REASONS = (
    "zero price",
    "negative price",
    "price no number",
    "negative volume",
    "volume no number",
    "negative quote_volume",
    "quote_volume no number",
    "unreadable",
)
"""Why a row is left out; `unreadable`: a field is null, missing or of another type."""


def _why(quote: Quote) -> str:
    if quote.price == 0:
        return "zero price"
    for name, value in (("price", quote.price), ("volume", quote.volume), ("quote_volume", quote.quote_volume)):
        if value is not None and not isfinite(value):
            return f"{name} no number"
        if value is not None and value < 0:
            return f"negative {name}"
    raise AssertionError(quote)


def unreadable(rows: Iterable[BadRow]) -> list[Bad]:
    """Rows that could not be decoded, as bad rows."""
    return [Bad(row.place, "unreadable", row.reason) for row in rows]


def reasons(bad: Sequence[Bad]) -> str:
    """Why rows were left out: the same text while the causes are the same."""
    return ", ".join(sorted({row.reason for row in bad}))


def told(bad: Sequence[Bad]) -> str:
    """Bad rows for a log line: the first few by name, with what there is to say."""
    names = [f"{row.code!r} {row.detail}".rstrip() for row in bad[:SHOWN]]
    more = f" and {len(bad) - SHOWN} more" if len(bad) > SHOWN else ""
    return ", ".join(names) + more
