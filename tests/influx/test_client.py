"""The connection: rows become records, and every failure says what the caller is to do."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from msgspec import Struct

from influx.client import Database, Forbidden, Later, NoFlux, Refused
from influx.settings import Secret, Settings
from influx.stack import Setup
from tests.ports import free_port


class Answer(Struct):
    """What a server says to one path: status, headers, body."""

    status: int
    headers: dict[str, str]
    body: bytes


@contextmanager
def server_of(answers: dict[str, Answer]) -> Iterator[str]:
    """A server on a real socket that is no InfluxDB 2; unknown paths are 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # http.server's own name
            answer = answers.get(self.path.split("?")[0], Answer(404, {}, b"not found"))
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(answer.status)
            for name, value in ({"Content-Length": str(len(answer.body))} | answer.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        do_POST = do_GET  # noqa: N815 # http.server's own name

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Row(Struct, rename={"time": "_time", "value": "_value"}):
    time: datetime
    value: float
    note: str = "none"


def test_rows_of_several_tables_become_records(operator: Database) -> None:
    text = """
import "array"

array.from(rows: [{_time: 2026-11-24T08:00:00Z, _value: 1.5}]) |> yield(name: "a")
array.from(rows: [{_time: 2026-11-24T08:01:00Z, _value: 2.5, note: "a \\"b\\", c"}]) |> yield(name: "b")
"""
    rows = sorted(operator.query(text, Row), key=lambda row: row.time)
    assert rows == [
        Row(datetime(2026, 11, 24, 8, 0, tzinfo=UTC), 1.5),
        Row(datetime(2026, 11, 24, 8, 1, tzinfo=UTC), 2.5, 'a "b", c'),
    ]


def test_no_rows_are_no_records(operator: Database) -> None:
    assert (
        operator.query('from(bucket: "quotes") |> range(start: 2020-01-01T00:00:00Z, stop: 2020-01-02T00:00:00Z)', Row)
        == []
    )


@pytest.mark.parametrize("text", ["nonsense(", 'from(bucket: "none") |> range(start: -1h)', "1 / 0"])
def test_flux_that_can_not_run_is_refused_with_the_reason(operator: Database, text: str) -> None:
    with pytest.raises(Refused, match=r"HTTP|bucket|zero|error"):
        operator.query(text, Row)


def test_an_error_in_the_middle_of_an_answer_is_refused(operator: Database) -> None:
    text = 'import "array"\n\narray.from(rows: [{a: "x"}]) |> map(fn: (r) => ({a: int(v: r.a)}))'
    with pytest.raises(Refused, match="failed"):
        operator.query(text, Row)


def test_a_wrong_token_is_forbidden_and_named(influxd: Settings) -> None:
    database = Database(influxd.url, influxd.influx_org, "wrong", "collector")
    with pytest.raises(Forbidden, match="does not accept the token collector"):
        database.write("quotes", b"quote price=1")
    database.close()


def test_no_server_means_later(influxd: Settings) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    database = Database(url, influxd.influx_org, "token", timeout_s=1)
    with pytest.raises(Later, match=f"no answer from {url}: .*refused"):
        database.write("quotes", b"quote price=1")
    database.close()


def test_a_malformed_line_is_refused_with_the_servers_reason(operator: Database) -> None:
    with pytest.raises(Refused, match="unable to parse"):
        operator.write("quotes", b"quote,pair=btcusd price=")


def test_a_busy_server_says_when_to_come_again() -> None:
    with server_of({"/api/v2/write": Answer(429, {"Retry-After": "7"}, b'{"message": "slow down"}')}) as url:
        database = Database(url, "coinwatch", "token")
        with pytest.raises(Later, match="HTTP 429 slow down") as error:
            database.write("quotes", b"quote price=1")
        assert error.value.after_s == 7
        database.close()


def test_a_server_that_hangs_is_left_within_the_time_limit() -> None:
    begin = time.monotonic()
    listener = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)  # accepts, never answers
    database = Database(f"http://127.0.0.1:{listener.server_port}", "coinwatch", "token", timeout_s=0.3)
    with pytest.raises(Later, match="no answer"):
        database.query_csv("1")
    assert time.monotonic() - begin < 20
    database.close()
    listener.server_close()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"/ping": Answer(200, {"X-Influxdb-Version": "3.4.1"}, b"{}")}, "is InfluxDB 3.4.1, which has no Flux tasks"),
        ({"/ping": Answer(204, {"X-Influxdb-Version": "1.8.10"}, b"")}, "is InfluxDB 1.8.10, which has no Flux tasks"),
        (
            {
                "/ping": Answer(204, {"X-Influxdb-Version": "Cloud"}, b""),
                "/api/v2/orgs": Answer(200, {}, b'{"orgs": [{"id": "1", "name": "coinwatch"}]}'),
                "/api/v2/query": Answer(404, {}, b'{"message": "flux is not supported here"}'),
            },
            r"does not run Flux \(HTTP 404 flux is not supported here\)",
        ),
    ],
    ids=["InfluxDB 3", "InfluxDB 1", "Cloud Serverless"],
)
def test_a_server_without_flux_is_recognised_and_refused(
    answers: dict[str, Answer], said: str, empty_home: Settings
) -> None:
    with server_of(answers) as url:
        settings = Settings(home=empty_home.home, influx_url=url, influx_token=Secret("token"))
        with pytest.raises(NoFlux, match=said + r".*coinwatch needs InfluxDB 2 with Flux"):
            Setup(settings).run()
