"""`python -m collector run`: poll all exchanges at every tick and bring the quotes into the database, until stopped."""

import argparse
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from collector import chosen, dead_letters, shard_option, tick
from collector.feed import Feed
from collector.history import Histories
from collector.lines import Shard
from collector.poller import Poller
from collector.series_cap import SeriesCap
from collector.sink import Sink
from collector.spool import PLAIN_BATCHES, Spool
from collector.telemetry import Telemetry
from collector.writer import Writer
from influx import log, tokens
from influx.settings import Settings

MB = 10**6
LAST_WRITES_S = 1.5  # for the writer when we are told to stop; what it can't write waits in the spool


def options(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    shard_option.add(parser)


def command(arguments: argparse.Namespace, settings: Settings) -> int:
    """Runs until SIGTERM or SIGINT; 0 when what the polls under way have got is in the spool."""
    tick.use_utc()
    log.set_up(settings, "collector")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    plain_batches = 0 if settings.influx_url else PLAIN_BATCHES  # to another machine all goes gzipped
    spool = Spool(settings.home / "spool", settings.spool_limit * MB, plain_batches=plain_batches)
    writer = Writer(
        spool, dead_letters.folder(settings), lambda: tokens.connect(settings, tokens.COLLECTOR), settings.interval
    )
    feeds = make_feeds(settings, spool, arguments.shard)
    telemetry = Telemetry([feed.name for feed in feeds])
    watch(telemetry, spool, writer)
    histories = Histories(feeds, settings, spool, lambda: spool.oldest_s)
    with telemetry.serve(settings.collector_host, settings.telemetry_port):
        writer.start()
        histories.start()
        Poller(feeds, settings.interval, telemetry, done=histories.hear).run(stop)
        histories.stop()
        writer.stop(LAST_WRITES_S)
    spool.close()
    return 0


def watch(telemetry: Telemetry, spool: Spool, writer: Writer) -> None:
    """Shows how spool and writer are doing."""
    telemetry.watch("coinwatch_spool_bytes", "what the spool takes on the disk", lambda: spool.size_bytes)
    telemetry.watch("coinwatch_spool_batches", "batches that wait for the database", lambda: spool.waiting)
    telemetry.watch(
        "coinwatch_newest_write_timestamp_seconds",
        "when the database last took lines",
        lambda: writer.figures.last_written_s,
    )
    telemetry.count("coinwatch_lines_written", "lines the database has taken", lambda: writer.figures.written)
    telemetry.count("coinwatch_lines_refused", "lines that became dead letters", lambda: writer.figures.refused)
    telemetry.count("coinwatch_write_requests", "writes asked of the database", lambda: writer.figures.requests)
    telemetry.count("coinwatch_write_failures", "writes that will be tried again", lambda: writer.figures.failures)


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
