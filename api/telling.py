"""What a window of open, high, low, close and volume is told by: the exchange's candles, our quotes, or both.

Candles are told as they are where they have every minute that quotes have. Where quotes have further minutes, their
prices count too; where no candle is known, quotes are all there is, and these know no traded volume.
"""

from typing import Literal

from msgspec import Struct, field

Source = Literal["candles", "mixed", "sampled"]
Figures = dict[str, float]
"""A window's figures by the names of queries/candles."""


class Rows(Struct):
    """What the bucket has of a window by the start of each row: the candles, and how many quotes."""

    candles: set[int] = field(default_factory=set)
    quotes: dict[int, float] = field(default_factory=dict)

    @property
    def only_quoted(self) -> set[int]:
        """The rows that no candle is known of."""
        return self.quotes.keys() - self.candles


class Telling(Struct):
    """A window; `volume` is that of the known candles, `covered_s` how much of the window there is."""

    source: Source
    open: float
    high: float
    low: float
    close: float
    volume: float | None
    covered_s: float

    def add(self, later: "Telling") -> None:
        """Takes in a later piece."""
        self.high, self.low = max(self.high, later.high), min(self.low, later.low)
        self.close = later.close
        if later.volume is not None:
            self.volume = (self.volume or 0.0) + later.volume
        if self.source != later.source:
            self.source = "mixed"
        self.covered_s += later.covered_s


def is_partly_known(figures: Figures, row_s: int, length_s: int) -> bool:
    """Whether quotes may have minutes of a window of this length that its candles do not have."""
    return "quote_open" in figures and 0 < figures.get("candle_count", 0.0) * row_s < length_s


def tell(figures: Figures, row_s: int, interval_s: int, rows: Rows | None) -> Telling:
    """A window; `rows` are looked at where it is partly known."""
    if "candle_open" not in figures:
        return _told("sampled", figures, "quote", None, figures["quote_count"] * interval_s)
    own = _told("candles", figures, "candle", figures["candle_volume"], figures["candle_count"] * row_s)
    if rows is None or not rows.candles or not rows.only_quoted:
        return own
    own.source = "mixed"
    own.high, own.low = max(own.high, figures["quote_high"]), min(own.low, figures["quote_low"])
    if min(rows.quotes) < min(rows.candles):
        own.open = figures["quote_open"]
    if max(rows.quotes) > max(rows.candles):
        own.close = figures["quote_close"]
    own.covered_s += sum(rows.quotes[row] for row in rows.only_quoted) * interval_s
    return own


def _told(source: Source, figures: Figures, kind: str, volume: float | None, covered_s: float) -> Telling:
    open_, high, low, close = (figures[f"{kind}_{name}"] for name in ("open", "high", "low", "close"))
    return Telling(source, open_, high, low, close, volume, covered_s)
