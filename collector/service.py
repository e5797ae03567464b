"""`python -m collector run`: poll all exchanges at every tick and bring the quotes into the database, until stopped."""

import argparse
import logging
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from collector import chosen, shard_option, tick
from collector.feed import Feed
from collector.lines import Shard
from collector.poller import Poller
from collector.series_cap import SeriesCap
from collector.sink import Sink
from collector.telemetry import Telemetry
from influx import log, tokens
from influx.client import DatabaseError
from influx.settings import Settings


def options(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    shard_option.add(parser)


def command(arguments: argparse.Namespace, settings: Settings) -> int:
    """Runs until SIGTERM or SIGINT; 0 when the poll under way has been taken."""
    tick.use_utc()
    log.set_up(settings, "collector")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    feeds = make_feeds(settings, Direct(settings), arguments.shard)
    telemetry = Telemetry([feed.name for feed in feeds])
    telemetry.serve(settings.collector_host, settings.telemetry_port)
    Poller(feeds, settings.interval, telemetry).run(stop)
    return 0


def make_feeds(settings: Settings, sink: Sink, shard: Shard, folder: Path | None = None) -> Sequence[Feed]:
    """A feed for each exchange that the settings name."""
    cap = SeriesCap(settings.series_limit)
    return [
        Feed(
            exchange,
            chosen.base_url(settings, exchange),
            folder or exchanges_folder(settings),
            sink,
            shard=shard,
            cap=cap,
            discover_s=settings.discover,
        )
        for exchange in chosen.chosen(settings)
    ]


def exchanges_folder(settings: Settings) -> Path:
    """Where lists of pairs and states of exchanges are kept."""
    return settings.home / "exchanges"


class Direct:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def append(self, lines: bytes, bucket: str) -> None:
        database = tokens.connect(self.settings, tokens.COLLECTOR)
        if database is None:
            return
        try:
            database.write(bucket, lines)
        except DatabaseError as error:
            logging.getLogger("coinwatch.writer").warning("%s", error)
        finally:
            database.close()
