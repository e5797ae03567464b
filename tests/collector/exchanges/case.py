"""A case folder: an exchange's answers as files, and what they become. cases/README.md says which file is what."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from collector.decode import Body
from collector.exchange import Candle, Exchange, History, Pair
from collector.exchanges import native
from collector.lines import Bad, Encoded, Join, encode, join

CASES = Path(__file__).parent / "cases"
REFUSALS = "refusals"
TICK_S = 1_767_225_600  # 2026-01-01T00:00:00Z


def name(path: Path) -> str:
    """A case's or an answer's name in a test's list: kraken/odd_names."""
    return path.relative_to(CASES).as_posix()


def exchange(path: Path) -> Exchange:
    """The adapter whose case or answer this is."""
    return native()[path.relative_to(CASES).parts[0]]()


def folders(holds: str) -> list[Path]:
    """The case folders that hold a file of this name."""
    return sorted(path.parent for path in CASES.glob(f"*/*/{holds}"))


def refusals() -> list[Path]:
    """The answers in which an exchange says no."""
    return sorted(CASES.glob(f"*/{REFUSALS}/*.json"))


def listed(name: str) -> set[str]:
    """The names of an exchange's cases."""
    return {path.name for path in (CASES / name).iterdir()}


class Result(Struct):
    """What the answers of a case became."""

    pairs: list[Pair]
    joined: Join
    encoded: Encoded
    unlisted: list[str]
    """Codes of tickers that belong to no pair of the case."""


def poll_once(path: Path) -> Result:
    """Discovers, then reads every ticker, as a poll does."""
    adapter = exchange(path)
    listing = body(path / "pairs.json")
    pairs = list(adapter.pairs(listing))
    joined = join(adapter.name, adapter.aliases, pairs)
    result = Result(pairs, joined, Encoded([], []), [])
    result.encoded.add(Encoded([], []), listing.bad)
    for answer in answers(path, adapter, pairs):
        quotes = list(adapter.quotes(answer))
        result.encoded.add(encode(joined.prefixes, quotes, TICK_S), answer.bad)
        result.unlisted += [quote.code for quote in quotes if quote.code not in joined.prefixes]
    return result


def answers(path: Path, adapter: Exchange, pairs: Sequence[Pair]) -> Iterator[Body]:
    """The answer to each path that the adapter names; a pair's detail may be missing."""
    assert len(adapter.ticker_urls(pairs)) == 1, "name the answers tickers-1.json, tickers-2.json and read them here"
    yield body(path / "tickers.json")
    for asked in adapter.detail_urls(pairs):
        detail = path / f"details-{asked.rpartition('/')[2]}.json"
        if detail.exists():
            yield body(detail)


def body(path: Path) -> Body:
    """A file as the bytes of an answer."""
    return Body(path.read_bytes())


def candles(path: Path) -> tuple[list[Candle], list[Bad]]:
    """The candles of a case, and what of them could not be read."""
    adapter = exchange(path)
    assert isinstance(adapter, History)
    answer = body(path / "candles.json")
    found = list(adapter.candles(answer))
    return found, [Bad(row.place, "unreadable", row.reason) for row in answer.bad]


def told(bad: Sequence[Bad]) -> set[str]:
    """Rows that the collector itself left out, as left_out.txt names them."""
    return {f"{row.code}: {row.reason}" for row in bad}


def left_out(path: Path) -> set[str]:
    """The lines of left_out.txt; none if there is no such file."""
    file = path / "left_out.txt"
    return set(file.read_text().splitlines()) if file.exists() else set()


def day_range(path: Path) -> dict[str, tuple[float, float]]:
    """The day's low and high by the ticker's code."""
    found = json.loads((path / "day_range.json").read_text())
    return {code: (low, high) for code, (low, high) in found.items()}
