"""The API beside a bare Starlette application that returns the same bytes, beside the raw query, and the naive rank.

Both applications run on as many uvicorn workers as there are cores, loaded by wrk on the same machine; they take turns,
and a ratio is the median of the turns'. The API has all that it passes a request through: request ids, telemetry, rate
limit, API keys, CORS, tags. 1,000 series x 24 h at one point a minute.
"""

import http.client
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import msgspec

from api import keys
from api.board import Published
from api.link import Link
from api.reader import Status, board_path, publish, read_board, status_path
from bench.api.bare import FOLDER
from bench.api.wrk import load
from bench.board.rows import filled, timed
from bench.board.tasks import time_of
from bench.row import Row
from influx import flux, tokens
from influx.client import Database
from influx.jobs import board
from influx.settings import Settings
from tests.eventually import eventually
from tests.ports import free_port

SERIES = 1_000
PAIR = "c0usd"
TURNS = 5
SECONDS = 4
CONNECTIONS = 16
MANY = 64
ASKED = 100
OK = 200
NAIVE = """
from(bucket: "quotes")
    |> range(start: -24h)
    |> filter(fn: (r) => r._measurement == "quote" and r._field == "price")
    |> stddev()
    |> group()
    |> sort(columns: ["_value"], desc: true)
    |> keep(columns: ["pair", "_value"])
"""


def rows() -> Iterator[Row]:
    """Every figure, on one influxd."""
    with filled(SERIES) as (settings, database, minute, _), TemporaryDirectory() as folder:
        key = keys.add(Path(folder, "keys"), "bench")
        asking = {"X-API-Key": key, "Origin": "https://bench.example"}
        time_of(database, board(settings).text, minute)
        there = Boards(settings, read_board(Link(settings), minute))
        there.renew()
        with serving("api", settings, {"COINWATCH_API_KEYS": f"{folder}/keys"}) as port:
            Path(folder, "bare").mkdir()
            for name in ("metrics", "rank"):
                Path(folder, "bare", name).write_bytes(get(port, f"/{name}/{PAIR}", asking)[2])
            with serving("bare", settings, {FOLDER: f"{folder}/bare"}) as bare_port:
                yield from beside_bare(there, port, bare_port, asking)
            yield beside_the_query(there, port, asking)
            yield from beside_the_naive_rank(there, database, port, asking)


class Boards:
    """Publishes the board anew, as of now: a version that the workers have not seen."""

    def __init__(self, settings: Settings, read: Published) -> None:
        self.settings, self.read = settings, read

    def renew(self) -> None:
        """Puts it in place."""
        now_s = int(time.time())
        publish(status_path(self.settings), Status())
        publish(board_path(self.settings), msgspec.structs.replace(self.read, minute_s=now_s // 60 * 60))
        time.sleep(0.2)  # longer than a worker takes to look


@contextmanager
def serving(what: str, settings: Settings, variables: Mapping[str, str]) -> Iterator[int]:
    """The port of a running application."""
    port = free_port()
    environment = os.environ | {
        "COINWATCH_HOME": str(settings.home),
        "COINWATCH_INFLUX_PORT": str(settings.influx_port),
        "COINWATCH_API_PORT": str(port),
        "COINWATCH_API_RATE": "1000000000",
        "COINWATCH_API_ORIGINS": "https://bench.example",
    }
    command = [sys.executable, "-m", "bench.api.serving", what]
    with subprocess.Popen(command, env={**environment, **variables}) as process:
        try:
            eventually(lambda: answers(port), f"{what} answers", every_s=0.1)
            yield port
        finally:
            process.terminate()


def answers(port: int) -> bool:
    """Whether something listens and answers, whatever it is."""
    try:
        return get(port, "/healthz", {})[0] > 0
    except OSError:
        return False


def get(port: int, path: str, headers: Mapping[str, str]) -> tuple[int, str, bytes]:
    """Status, tag and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.headers.get("ETag", ""), answer.read()
    finally:
        connection.close()


def beside_bare(there: Boards, port: int, bare_port: int, asking: Mapping[str, str]) -> Iterator[Row]:
    """Requests a second of answers that are kept, and how evenly they come."""
    cases: list[tuple[str, str, str, bool, float | None]] = [
        (f"GET /metrics/{PAIR}, kept", f"/metrics/{PAIR}", f"/metrics/{PAIR}", False, 0.5),
        (f"GET /rank/{PAIR}, kept", f"/rank/{PAIR}", f"/rank/{PAIR}", False, 0.5),
        ("a 304 in place of it", f"/rank/{PAIR}", f"/rank/{PAIR}", True, 0.8),
        ("a 304 beside a 304", f"/rank/{PAIR}", f"/unchanged/{PAIR}", True, None),
    ]
    for what, path, bare_path, unchanged, least in cases:
        turns = []
        for _ in range(TURNS):
            there.renew()
            tag = get(port, path, asking)[1]
            headers = {**asking, "If-None-Match": tag} if unchanged else asking
            ours = load(f"http://127.0.0.1:{port}{path}", CONNECTIONS, SECONDS, headers)
            bare = load(f"http://127.0.0.1:{bare_port}{bare_path}", CONNECTIONS, SECONDS, headers)
            turns.append((ours.per_s, bare.per_s))
        per_s = statistics.median(ours for ours, _ in turns)
        ratio = statistics.median(ours / bare for ours, bare in turns)
        yield Row(what=what, ours=per_s, unit="1/s", peer=per_s / ratio, peer_name="bare Starlette", least=least)
    there.renew()
    get(port, f"/rank/{PAIR}", asking)
    many = [load(f"http://127.0.0.1:{port}/rank/{PAIR}", MANY, SECONDS, asking) for _ in range(TURNS)]
    p50, p99 = (statistics.median(getattr(one, name) for one in many) for name in ("p50_ms", "p99_ms"))
    yield Row(what=f"p99 with {MANY} clients", ours=p99, unit="ms", peer=p50, peer_name="p50", most=10)


def beside_the_query(there: Boards, port: int, asking: Mapping[str, str]) -> Row:
    """A chart that is not kept, beside its query sent to InfluxDB by HTTP; both on connections that stay open."""
    settings = there.settings
    token = tokens.read(settings, tokens.API.name)
    api = http.client.HTTPConnection("127.0.0.1", port)
    influx = http.client.HTTPConnection("127.0.0.1", settings.influx_port)
    of_query = {"Authorization": f"Token {token!s}", "Content-Type": "application/json"}
    stop = datetime.fromtimestamp(there.read.minute_s, UTC) + timedelta(minutes=1)
    there.renew()
    exchange(api, "GET", f"/rank/{PAIR}", b"", asking)  # takes the board up
    turns = []
    for number in range(ASKED):
        asked = urlencode({"from": (stop - timedelta(days=1)).isoformat(), "to": stop.isoformat(), "every": "1m"})
        address, body = f"/metrics/c{number}usd?{asked}", query_of(number, stop)
        made = partial(exchange, api, "GET", address, b"", asking)
        asked_for = partial(exchange, influx, "POST", f"/api/v2/query?org={settings.influx_org}", body, of_query)
        asked_for()  # whichever comes first would find the series cold
        turns.append((timed(made), timed(asked_for)))
    ours = statistics.median(ours for ours, _ in turns) * 1000
    ratio = statistics.median(ours / bare for ours, bare in turns)
    return Row(what="a chart of 24 h, made", ours=ours, unit="ms", peer=ours / ratio, peer_name="its query", most=1.25)


def query_of(number: int, stop: datetime) -> bytes:
    """The body of a query for a series' chart of the 24 h before `stop`."""
    params: flux.Options = {
        "bucket": "quotes",
        "measurement": "quote",
        "field": "price",
        "exchange": f"e{number % 12}",
        "pair": f"c{number}usd",
        "from": stop - timedelta(days=1),
        "to": stop,
        "every": timedelta(minutes=1),
    }
    extern = flux.extern({"params": params})
    dialect = {"header": True, "annotations": []}
    return msgspec.json.encode({"query": flux.source("queries/chart"), "extern": extern, "dialect": dialect})


def exchange(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes, headers: Mapping[str, str]
) -> None:
    """One request and its whole answer. AssertionError: it was not answered."""
    connection.request(method, path, body, dict(headers))
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == OK, text


def beside_the_naive_rank(there: Boards, database: Database, port: int, asking: Mapping[str, str]) -> Iterator[Row]:
    """The first rank after a new board, beside a standard deviation over the raw points of the day."""
    turns = []
    for _ in range(TURNS):
        there.renew()
        ours = timed(lambda: get(port, f"/rank/{PAIR}", asking))
        turns.append((ours, timed(lambda: database.query_csv(NAIVE))))
    ours = statistics.median(ours for ours, _ in turns) * 1000
    ratio = statistics.median(ours / naive for ours, naive in turns)
    what = f"the first rank after a new board, {SERIES:,} pairs"
    yield Row(what=what, ours=ours, unit="ms", peer=ours / ratio, peer_name="stddev over 24 h", most=0.2)
    minute = datetime.fromtimestamp(there.read.minute_s, UTC)
    reading = statistics.median(timed(lambda: read_board(Link(there.settings), minute)) for _ in range(TURNS)) * 1000
    yield Row(what="reading that board, once for all workers", ours=reading, unit="ms")
