"""`python -m collector heal`: fill the minutes that are missing since a time from the exchanges' candles.

It asks again for what an earlier call did not give, shares each exchange's pace with the collector that runs, and
writes straight to the database.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from collector import service
from collector.answered import Answered
from collector.candle_file import read_time
from collector.candle_source import CandleSource
from collector.exchange import History
from collector.feed import Feed
from collector.heal import Healer
from collector.heal_round import Progress as Done
from collector.heal_round import Round
from collector.heal_thread import MARGIN_S, series_of
from collector.history import heal_source
from collector.lines import WHOLE
from collector.minutes import MINUTE_S, Span, minute_of
from collector.polls_first import PollsFirst
from collector.replay import DAY_S, written
from collector.spool import SpoolError
from collector.spool_look import waits_since_s
from collector.stored import Stored
from influx import tokens
from influx.client import Database, DatabaseError, Later
from influx.settings import Settings, seconds

POLLED_MIN = 2  # the newest minutes, which polls are about to write
WRITTEN_WITHIN_S = 15
LOOK_S = 0.2


class Direct:
    """A sink that writes at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, lines: bytes, bucket: str) -> None:
        """Writes; SpoolError: the database can't now, so the caller is to try again."""
        try:
            self._database.write(bucket, lines)
        except Later as error:
            raise SpoolError(str(error)) from error


def since(text: str) -> int:
    """A time in Unix seconds, in RFC 3339, or how long ago: 90m, 3h, 2d."""
    try:
        return int(time.time()) - seconds(text) if text[-1:] in "smhd" else read_time(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time; accepted: 3h or 2d ago, 2026-11-24T08:00:00Z, or Unix seconds"
        ) from None


def options(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--since", required=True, type=since, metavar="T", help="3h or 2d ago, RFC 3339, Unix seconds")


def command(arguments: argparse.Namespace, settings: Settings) -> int:
    """0 when every exchange was asked for all that was missing; what it does not give is said."""
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    database = tokens.connect(settings, tokens.COLLECTOR)
    if database is None:
        console.print("the database is not set up yet: python -m influx setup")
        return 1
    try:
        return Heal(database, settings, console).run(arguments.since)
    except DatabaseError as error:
        console.print(str(error))
        return 1
    except KeyboardInterrupt:
        console.print("stopped; what was filled in stays")
        return 1
    finally:
        database.close()


class Heal:
    """One run of the command."""

    def __init__(self, database: Database, settings: Settings, console: Console) -> None:
        self._database, self._settings, self._console = database, settings, console
        self._sink = Direct(database)

    def run(self, since_s: int) -> int:
        """Heals all exchanges side by side."""
        if not self._spool_is_written():
            self._console.print(
                "quotes wait in the spool for the database, so it can't say yet what is missing; let the collector run"
                " until they are written"
            )
            return 1
        feeds = service.make_feeds(self._settings, self._sink, WHOLE)
        asked = [feed for feed in feeds if isinstance(feed.exchange, History) and series_of(feed)]
        if not asked:
            self._console.print("no list of pairs is known yet; let the collector run for a minute first")
            return 1
        done = self._heal_all(asked, self._span(since_s, time.time()))
        return 1 if any(one.failed for one in done) else 0

    def _spool_is_written(self) -> bool:
        asked_s = time.time()
        while (since_s := waits_since_s(self._settings.home / "spool")) is not None and since_s < asked_s:
            if time.time() > asked_s + WRITTEN_WITHIN_S:
                return False
            time.sleep(LOOK_S)
        return True

    def _span(self, since_s: int, now_s: float) -> Span:
        oldest_s = int(now_s) - self._settings.retention + MARGIN_S
        if since_s < oldest_s:
            kept_d = self._settings.retention // DAY_S
            self._console.print(f"quotes are kept {kept_d} d; filling in since {written(oldest_s)}")
        return Span(minute_of(max(since_s, oldest_s)), minute_of(now_s) - POLLED_MIN * MINUTE_S)

    def _heal_all(self, feeds: Sequence[Feed], span: Span) -> list[Done]:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        sources = [heal_source(feed, self._settings, PollsFirst(self._settings.interval, 0)) for feed in feeds]
        with (
            Progress(*columns, console=self._console) as bars,
            tempfile.TemporaryDirectory() as scratch,
            ThreadPoolExecutor(len(feeds)) as pool,
        ):
            pairs = zip(feeds, sources, strict=True)
            work = [pool.submit(self._heal_one, feed, source, span, bars, Path(scratch)) for feed, source in pairs]
            try:
                done = [one.result() for one in work]
            finally:
                for source in sources:
                    source.stop()
        for feed, one in zip(feeds, done, strict=True):
            self._console.print(_told(feed.name, one))
            feed.close()
        return done

    def _heal_one(self, feed: Feed, source: CandleSource, span: Span, bars: Progress, scratch: Path) -> Done:
        bar = bars.add_task(feed.name, total=None)
        stored = Stored(self._database, feed.name)
        healer = Healer(source, stored, Answered(scratch / feed.name, 0), self._sink)
        interval_s = self._settings.interval
        try:
            return Round(
                healer, source, stored, interval_s, lambda done: bars.update(bar, completed=done.done, total=done.total)
            ).run(series_of(feed), span)
        finally:
            source.close()


def _told(name: str, done: Done) -> str:
    if not done.total:
        return f"{name}: nothing is missing"
    said = f"{name}: {done.healed} minutes of {done.total} pairs filled from candles"
    if done.lost:
        said += f"; {done.lost} are not to be had from it and stay holes"
    if done.failed:
        said += f"; {done.failed} pairs failed, the last {done.reason}"
    return said
