"""influxd is killed -9 again and again in the middle of writes: every line is there afterwards, once."""

import threading
import time
from pathlib import Path

from msgspec import Struct

from collector.spool import Spool
from collector.writer import Writer
from influx import tokens
from influx.client import Database
from influx.settings import Settings
from influx.stack import Setup
from tests.eventually import eventually
from tests.ports import free_port
from tests.restartable import Influxd

NS = 10**9
KILLS = 5
SERIES = 400


class Total(Struct):
    points: int
    value: int


def total(database: Database) -> tuple[int, int]:
    """How many points there are and the sum of their values."""
    text = """
from(bucket: "quotes") |> range(start: -30d, stop: 1h) |> group()
    |> reduce(fn: (r, accumulator) => ({points: accumulator.points + 1, value: accumulator.value + int(v: r._value)}),
        identity: {points: 0, value: 0})
"""
    (row,) = database.query(text, Total)
    return row.points, row.value


class Feeder:
    """Appends batches for as long as it is let, and knows what it appended."""

    def __init__(self, spool: Spool) -> None:
        self.batches = 0
        self._spool = spool
        self._begin_s = int(time.time()) - 3600
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> tuple[int, int]:
        """The points that were appended and the sum of their values."""
        self._over.set()
        self._thread.join()
        return self.batches * SERIES, self.batches * (SERIES - 1) * SERIES // 2

    def _run(self) -> None:
        while not self._over.wait(0.002):
            time_ns = (self._begin_s + self.batches) * NS
            self._spool.append(b"".join(b"quote,pair=p%d price=%d %d\n" % (n, n, time_ns) for n in range(SERIES)))
            self.batches += 1


def test_every_line_is_there_once_after_influxd_was_killed_in_the_middle_of_writes(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", influx_port=free_port())
    spool = Spool(tmp_path / "spool", 10**9)
    with Influxd(settings) as influxd:
        Setup(settings).run()
        writer = Writer(spool, tmp_path / "letters", lambda: tokens.connect(settings, tokens.COLLECTOR), 60)
        writer.start()
        feeder = Feeder(spool)
        for _ in range(KILLS):
            written = writer.figures.written
            eventually(lambda written=written: writer.figures.written > written + 5 * SERIES, "writes go on")  # type: ignore[misc] # mypy does not infer a lambda's default
            influxd.kill()
            influxd.start()
        appended = feeder.stop()
        eventually(lambda: spool.waiting == 0, "the spool is empty")
        database = Database(settings.url, settings.influx_org, tokens.read(settings, "operator") or "")
        assert total(database) == appended
        assert writer.figures.failures >= KILLS
        database.close()
        writer.stop(1)
    spool.close()
