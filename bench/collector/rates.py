"""How fast quotes go end to end, beside the same without the spool and beside lines that are encoded already.

The three take turns in one process, and each ratio is of runs that followed each other: the median of ROUNDS.
"""

import statistics
import tempfile
from pathlib import Path

import requests

from bench.collector.recorded import recorded
from bench.collector.ways import encoded_lines, with_spool, without_spool
from bench.place import here
from collector.exchanges.binance import Binance

label = "end to end"
ROUNDS = 11


def run(size: int) -> dict[str, float]:
    """Quotes a second of each, and our ratio to the two others."""
    place, exchange = here(), Binance()
    paths = [*exchange.pair_urls(), *exchange.ticker_urls([])]
    with recorded(place.exchange_url, paths) as url, tempfile.TemporaryDirectory(dir=place.home) as folder:
        listing, tickers = (requests.get(url + path, timeout=60).content for path in paths)
        ours = with_spool(url, Path(folder), place)
        memory = without_spool(url, Path(folder), place, size)
        encoded = encoded_lines(listing, tickers, place)
        rounds = [(ours.rate(), memory.rate(), encoded.rate()) for _ in range(ROUNDS)]
    return {
        "rate": statistics.median(mine for mine, _, _ in rounds),
        "rate_without_spool": statistics.median(theirs for _, theirs, _ in rounds),
        "rate_encoded": statistics.median(theirs for _, _, theirs in rounds),
        "of_without_spool": statistics.median(mine / theirs for mine, theirs, _ in rounds),
        "of_encoded": statistics.median(mine / theirs for mine, _, theirs in rounds),
    }
