"""The service's own conditions, by figures as API and collector show them."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from api.conditions import Conditions
from api.service_disk import GB, Disk
from api.service_watch import Figures, ServiceWatch, figures, read
from influx.settings import Settings

NOW_S = 1_795_509_180.0
SHOWN = """
# HELP coinwatch_spool_batches batches that wait for the database
# TYPE coinwatch_spool_batches gauge
coinwatch_spool_batches 3.0
# TYPE coinwatch_pairs gauge
coinwatch_pairs{exchange="kraken"} 600.0
coinwatch_pairs{exchange="okx"} 400.0
# TYPE coinwatch_lines_refused_total counter
coinwatch_lines_refused_total 2.0
# TYPE coinwatch_api_request_duration_seconds histogram
coinwatch_api_request_duration_seconds_count{how="made",route="/rank",status="200"} 90.0
coinwatch_api_request_duration_seconds_count{how="made",route="/rank",status="503"} 10.0
"""


class Watch:
    """The watch and what it has raised, fed with figures."""

    def __init__(self, home: Path) -> None:
        settings = Settings(home=home, series_limit=1000)
        self.conditions = Conditions(settings, lambda: NOW_S)
        self.watch = ServiceWatch(settings, self.conditions, lambda: NOW_S)

    def see(self, minute: float, **changes: float | None) -> None:
        """Figures at a minute."""
        plain = Figures(NOW_S + minute * 60, 0.0, 0.0, 0.0, 0.0, 0.0)
        self.watch.take(msgspec.structs.replace(plain, **changes))

    def raised(self, kind: str) -> bool:
        """Whether a kind is raised."""
        return bool(self.conditions.raised(kind))


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path)


@pytest.mark.parametrize(("failed", "raised"), [(1, False), (2, True)])
def test_less_than_99_in_100_good_answers_are_told_until_they_are_good_again(
    watch: Watch, failed: int, raised: bool
) -> None:
    watch.see(0, requests=1000, failures=500)
    watch.see(1, requests=1100, failures=500 + failed)
    assert watch.raised("availability") is raised
    watch.see(4, requests=2000, failures=500 + failed)
    watch.see(9, requests=3000, failures=500 + failed)
    assert not watch.raised("availability")


def test_counters_that_begin_anew_are_no_failures(watch: Watch) -> None:
    watch.see(0, requests=1000, failures=500)
    watch.see(1, requests=100, failures=0)
    assert not watch.raised("availability")


def test_a_spool_is_told_when_it_was_never_empty_for_five_minutes(watch: Watch) -> None:
    for minute in range(5):
        watch.see(minute, spool=2)
        assert not watch.raised("spool")
    watch.see(5, spool=1)
    assert watch.raised("spool")
    watch.see(6, spool=0)
    assert not watch.raised("spool")


def test_a_collector_that_does_not_answer_has_no_spool_to_tell_of(watch: Watch) -> None:
    for minute in range(8):
        watch.see(minute, spool=None, refused=None, pairs=None)
    assert not watch.raised("spool")


def test_dead_letters_are_told_while_they_come(watch: Watch) -> None:
    watch.see(0, refused=4)
    assert not watch.raised("dead letters")
    watch.see(1, refused=5)
    assert watch.raised("dead letters")
    watch.see(6.5, refused=5)
    assert not watch.raised("dead letters")


@pytest.mark.parametrize(("pairs", "raised"), [(899, False), (900, True)])
def test_series_near_their_bound_are_told(watch: Watch, pairs: int, raised: bool) -> None:
    watch.see(0, pairs=pairs)
    assert watch.raised("series") is raised


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_disk_that_will_be_full_within_a_week_is_told(tmp_path: Path) -> None:
    disk = Disk(Settings(home=tmp_path))
    disk.take(Usage(1000 * GB, 400 * GB, 600 * GB), NOW_S)
    disk.take(Usage(1000 * GB, 440 * GB, 560 * GB), NOW_S + 5 * 3600)
    assert disk.told == {}  # too soon to foretell
    disk.take(Usage(1000 * GB, 440 * GB, 560 * GB), NOW_S + 6 * 3600)
    assert disk.told == {"disk": "560.0 GB are left, enough for 3.5 days at the pace of the last day"}
    disk.take(Usage(1000 * GB, 440 * GB, 560 * GB), NOW_S + 30 * 3600)
    assert disk.told == {}


def test_a_disk_that_is_full_is_told_at_once(tmp_path: Path) -> None:
    disk = Disk(Settings(home=tmp_path))
    disk.take(Usage(1000 * GB, 960 * GB, 40 * GB), NOW_S)
    assert disk.told == {"disk": "40.0 GB are left"}


@pytest.fixture
def shown() -> Iterator[str]:
    """The address of figures on a real socket."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(SHOWN.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/metrics"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_figures_are_read_as_they_are_shown(shown: str) -> None:
    samples = read(shown)
    assert figures(NOW_S, samples, samples) == Figures(NOW_S, 100, 10, 3, 2, 1000)


def test_where_nobody_answers_nothing_is_known() -> None:
    assert read("http://127.0.0.1:9/metrics") == []
    assert figures(NOW_S, [], []) == Figures(NOW_S, None, None, None, None, None)
