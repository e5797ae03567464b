"""What the examples ask: paths of the API, and the recordings that are replayed."""

from pathlib import Path

from msgspec import Struct

ADDRESS = "http://127.0.0.1:8000"
"""The API's address as the README shows it, whatever port the run had."""


class Ask(Struct, frozen=True):
    """A request, and what a reader learns from it."""

    path: str
    says: str

    @property
    def shown(self) -> str:
        """The command as the README shows it."""
        return f"curl -s '{ADDRESS}{self.path}'"


SIMULATED = (
    Ask("/metrics?per_page=2", "All pairs, the largest first:"),
    Ask("/metrics/btcusd?every=6h", "One pair, with its 24 h statistics, its ranks and a chart:"),
    Ask("/metrics/ltcusd?exchange=kraken&window=1h&every=15m", "Another one, on one exchange, over the last hour:"),
    Ask("/rank/btcusd", "How much its price deviates, among all pairs:"),
    Ask("/rank/dogeusd?by=volatility&among=usd", "The same as a part of the price, among the pairs in dollars:"),
    Ask("/rank?by=change&per_page=3", "Who has risen most:"),
)

SPIKE = {"exchange": "kraken", "pair": "dogeusd", "metric": "price", "factor": 4, "polls": 1}
SIMULATOR = "http://127.0.0.1:8900"
ALERTS = Ask("/alerts", "And the API has it:")

REPLAYED = (
    Ask("/metrics?order=volatility_desc", "The three pairs, the wildest first:"),
    Ask("/metrics/ethusd?every=3h", "The crash, three hours a point:"),
    Ask("/rank/ethusd?by=volatility", "And its place:"),
)


class Recording(Struct, frozen=True):
    """A file of minute candles."""

    file: str
    exchange: str
    pair: str

    def arguments(self, folder: Path) -> tuple[str, ...]:
        """Those of `python -m collector` for the file in a folder."""
        return ("replay", str(folder / self.file), "--exchange", self.exchange, "--pair", self.pair, "--shift", "now")

    @property
    def shown(self) -> str:
        """The command as the README shows it: the file is at hand."""
        return f".venv/bin/python -m collector {' '.join(self.arguments(Path()))}"


RECORDINGS = (
    Recording("coinbase-ethusd-2017-09-03.csv", "coinbase", "eth/usd"),
    Recording("coinbase-btceur-2018-04-04.csv", "coinbase", "btc/eur"),
    Recording("bybit-dogeusdt-2025-06-04.csv", "bybit-perpetual", "doge/usdt"),
)


def missing(folder: Path) -> list[str]:
    """The recordings that the folder does not hold."""
    return [recording.file for recording in RECORDINGS if not (folder / recording.file).exists()]
