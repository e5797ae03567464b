"""`python -m collector once`: ask every exchange once and show what it gives; nothing is stored."""

import argparse
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.table import Table

from collector import kept_file, service, shard_option, tick
from collector.feed import Feed, Polled, state_file
from collector.poller import SHARE
from influx.settings import Settings


class Nowhere:
    """A sink that keeps nothing."""

    def append(self, lines: bytes, bucket: str) -> None:
        """Takes lines for a bucket, and forgets them."""


def options(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    shard_option.add(parser)


def command(arguments: argparse.Namespace, settings: Settings) -> int:
    """0 when at least one exchange gave quotes."""
    home = service.exchanges_folder(settings)
    with tempfile.TemporaryDirectory() as scratch:
        # States come along, so that a banned exchange is not asked; lists do not, since none is to be kept.
        for path in home.glob("*.state.json"):
            shutil.copy(path, scratch)
        feeds = service.make_feeds(settings, Nowhere(), arguments.shard, Path(scratch))
        polls = poll_all(feeds, settings.interval)
    for polled in polls:
        if polled.state.until_s:
            home.mkdir(parents=True, exist_ok=True)
            kept_file.keep(state_file(home, polled.exchange), polled.state)
    Console().print(table(polls))
    return 0 if any(polled.quotes for polled in polls) else 1


def poll_all(feeds: Sequence[Feed], interval_s: int) -> list[Polled]:
    """One poll of each, side by side."""
    tick_s = tick.tick_of(time.time(), interval_s)
    with ThreadPoolExecutor(max(1, len(feeds))) as pool:
        polls = list(pool.map(lambda feed: feed.poll(tick_s, SHARE * interval_s), feeds))
    for feed in feeds:
        feed.close()
    return polls


def table(polls: Sequence[Polled]) -> Table:
    """What the polls gave, a row an exchange."""
    shown = Table("exchange", "state", "pairs", "quotes", "left out", "unlisted", "time", "why")
    for column in shown.columns[2:7]:
        column.justify = "right"
    for column in shown.columns[:7]:
        column.no_wrap = True
    for polled in polls:
        reasons = Counter(row.reason for row in polled.bad)
        why = [polled.state.why, *(f"{count} x {reason}" for reason, count in sorted(reasons.items()))]
        shown.add_row(
            polled.exchange,
            polled.state.name,
            f"{polled.pairs:,}",
            f"{polled.quotes:,}",
            f"{len(polled.bad):,}",
            f"{polled.unlisted:,}",
            f"{polled.took_s:.2f} s",
            "; ".join(filter(None, why)),
        )
    return shown
