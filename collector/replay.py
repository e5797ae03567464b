"""`python -m collector replay`: recorded minute candles from files into the database, with the quotes of their closes.

Straight to the database and not through the spool: the file is the safe copy, a command should say how it ended,
and the spool belongs to the collector that runs. The same file written again overwrites the same points.
"""

import argparse
import re
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct
from rich.console import Console
from rich.progress import Progress

from collector.candle_file import NoCandleFile
from collector.exchange import Candle
from collector.late import late_lines
from collector.lines import Market
from collector.named_pair import NoPair, named_pair
from collector.recording import Batch, batches, load, shifted, too_old
from influx import flux, schema, tokens
from influx.client import Database, DatabaseError, Later
from influx.settings import Settings

DAY_S = 86_400
TRIES = 5
SHOWN = 20  # bad rows named one by one


class Unusable(Exception):
    """Nothing can be replayed; the message says why and what would help."""


class Kept(Struct):
    kept_ns: int


class BaseQuote(Struct):
    base: str
    quote: str


def kept_s(database: Database) -> int:
    """The seconds that the database keeps quotes, 0 for ever. Unusable: there is no such bucket yet."""
    rows = database.query(flux.source("queries/retention"), Kept, {"params": {"bucket": schema.QUOTES.name}})
    if not rows:
        raise Unusable(f"{database.url} has no bucket {schema.QUOTES.name} yet: python -m influx setup")
    return rows[0].kept_ns // 1_000_000_000


def known_markets(database: Database, pair: str) -> list[Market]:
    """The markets of a joined name that the database holds quotes of."""
    rows = database.query(flux.source("queries/pairs_named"), BaseQuote, {"params": {"pair": pair}})
    return [Market(pair, row.base, row.quote) for row in rows]


def advice(candles: Sequence[Candle], old: int, kept_s: int, now_s: float) -> str:
    """What to do about candles that are too old."""
    days = int(now_s - candles[0].time_s) // DAY_S + 2
    return (
        f"{old} of {len(candles)} minutes are older than the {kept_s // DAY_S} d that quotes are kept and would be"
        f" refused: {written(candles[0].time_s)} to {written(candles[old - 1].time_s)}. --shift now lays the last"
        f" minute on the present one; COINWATCH_RETENTION={days}d and python -m influx setup make the database keep all"
    )


def write(database: Database, batch: Batch, sleep: Callable[[float], None] = time.sleep) -> None:
    """Writes one batch and tells that it is late, several times where the database can't at the moment."""
    for left in reversed(range(TRIES)):
        try:
            database.write(schema.QUOTES.name, batch.lines)
            if late := late_lines(batch.lines, time.time()):
                database.write(schema.EVENTS.name, late)
            return
        except Later as error:
            if not left:
                raise
            sleep(error.after_s)


def written(time_s: int) -> str:
    """A time as RFC 3339."""
    return datetime.fromtimestamp(time_s, UTC).isoformat().replace("+00:00", "Z")


def exchange_name(text: str) -> str:
    """The exchange under which candles are filed: any plain name, so that a recording can stand apart."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.:-]*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no name of an exchange; accepted: lower case, such as kraken")
    return text


def options(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV: time, open, high, low, close, volume")
    parser.add_argument("--exchange", required=True, type=exchange_name, metavar="NAME", help="filed under this name")
    parser.add_argument("--pair", required=True, help="base and quote, such as doge/usdt, doge-usdt or dogeusdt")
    parser.add_argument("--shift", choices=["now"], help="move the candles so that the last minute is the present one")


def command(arguments: argparse.Namespace, settings: Settings, now: Callable[[], float] = time.time) -> int:
    """0 when all good rows that the database keeps were written, 2 for a pair that can't be split, else 1."""
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    database = tokens.connect(settings, tokens.COLLECTOR)
    if database is None:
        console.print("the database is not set up yet: python -m influx setup")
        return 1
    try:
        return Replay(database, arguments.exchange, arguments.pair, console).run(
            arguments.files, now(), shift=bool(arguments.shift)
        )
    except NoPair as error:
        console.print(f"--pair {error}")
        return 2
    except (NoCandleFile, Unusable, DatabaseError) as error:
        console.print(str(error))
        return 1
    finally:
        database.close()


class Replay:
    """One run of the command."""

    def __init__(self, database: Database, exchange: str, pair: str, console: Console) -> None:
        self.database, self.exchange, self.console = database, exchange, console
        self.market = named_pair(pair, lambda joined: known_markets(database, joined))

    def run(self, files: Sequence[Path], now_s: float, *, shift: bool) -> int:
        """Reads, says what can't be kept, and writes. Unusable, NoCandleFile, DatabaseError: not all was written."""
        candles = self._read(files)
        if shift:
            candles = shifted(candles, now_s)
        kept = kept_s(self.database)
        old = too_old(candles, kept, now_s)
        if old == len(candles):
            raise Unusable(advice(candles, old, kept, now_s))
        if old:
            self.console.print(advice(candles, old, kept, now_s))
        with_volume = self._write(candles, old)
        self.console.print(
            f"replayed {len(candles) - old} minutes of {self.market.pair} on {self.exchange},"
            f" {written(candles[old].time_s)} to {written(candles[-1].time_s)}; {with_volume} with 24 h volumes"
        )
        return 0

    def _read(self, files: Sequence[Path]) -> list[Candle]:
        recording = load(files)
        for line in recording.bad[:SHOWN]:
            self.console.print(str(line))
        if recording.bad:
            self.console.print(f"{len(recording.bad)} rows left out, {len(recording.candles)} kept")
        if not recording.candles:
            raise Unusable("there is no candle to replay")
        return recording.candles

    def _write(self, candles: Sequence[Candle], old: int) -> int:
        with_volume = 0
        with Progress(console=self.console) as progress:
            bar = progress.add_task(f"{self.market.pair} on {self.exchange}", total=len(candles) - old)
            for batch in batches(candles, old, self.exchange, self.market):
                write(self.database, batch)
                progress.advance(bar, batch.minutes)
                with_volume += batch.with_volume
        return with_volume
