"""python -m collector: brings in what the exchanges say."""

import argparse
import logging
import signal
import sys
import threading

from collector import chosen, tick
from collector.feed import Feed
from collector.poller import Poller
from influx import log, tokens
from influx.client import DatabaseError
from influx.settings import Settings, SettingsError, read_settings


class Direct:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def append(self, bucket: str, lines: bytes) -> None:
        database = tokens.connect(self.settings, tokens.COLLECTOR)
        if database is None:
            return
        try:
            database.write(bucket, lines)
        except DatabaseError as error:
            logging.getLogger("coinwatch.writer").warning("%s", error)
        finally:
            database.close()


def run(settings: Settings) -> int:
    log.set_up(settings, "collector")
    tick.use_utc()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    sink = Direct(settings)
    folder = settings.home / "exchanges"
    feeds = [Feed(one, chosen.base_url(settings, one), folder, sink) for one in chosen.chosen(settings)]
    Poller(feeds, settings.interval).run(stop)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser("python -m collector", description=__doc__)
    parser.add_argument("command", choices=["run"])
    parser.parse_args()
    try:
        return run(read_settings())
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2


sys.exit(main())
