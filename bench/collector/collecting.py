"""The process that bench/collector measures: the collector without the threads that fetch candles.

Those have no counterpart in Telegraf, and how much they do hangs on what the database lacks.
"""

import signal
import threading

from collector import dead_letters, service, tick
from collector.lines import WHOLE
from collector.poller import Poller
from collector.spool import Spool
from collector.telemetry import Telemetry
from collector.writer import Writer
from influx import log, tokens
from influx.settings import read_settings


def main() -> None:
    """As `python -m collector run`."""
    settings = read_settings()
    tick.use_utc()
    log.set_up(settings, "collector")
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    spool = Spool(settings.home / "spool", settings.spool_limit * service.MB)
    letters = dead_letters.folder(settings)
    writer = Writer(spool, letters, lambda: tokens.connect(settings, tokens.COLLECTOR), settings.interval)
    feeds = service.make_feeds(settings, spool, WHOLE)
    telemetry = Telemetry([feed.name for feed in feeds])
    service.watch(telemetry, spool, writer)
    with telemetry.serve(settings.collector_host, settings.telemetry_port):
        writer.start()
        Poller(feeds, settings.interval, telemetry).run(stop)
        writer.stop(service.LAST_WRITES_S)
    spool.close()


if __name__ == "__main__":
    main()
