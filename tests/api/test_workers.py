"""`python -m api`: its processes, the line that says that it is up, its end."""

import contextlib
import os
from collections import Counter

import httpx
import msgspec
import psutil
from msgspec import Struct

from influx import flux
from influx.settings import Settings
from tests.api.process import running
from tests.collector.gate import Gate
from tests.eventually import eventually


class Query(Struct):
    """The body of a query."""

    query: str
    extern: msgspec.Raw


def test_it_says_once_that_it_is_up_and_ends_cleanly(apart: Settings) -> None:
    with running(apart) as api:
        line = api.up()
        workers = api.workers()
        assert line.startswith(f"coinwatch is up: http://127.0.0.1:{apart.api_port}")
        assert len(workers) == 2
        assert api.end() == 0
    assert sum("coinwatch is up" in line for line in api.printed) == 1
    assert not any(psutil.pid_exists(worker.pid) for worker in workers)


def test_a_killed_parent_takes_its_workers_with_it(apart: Settings) -> None:
    with running(apart) as api:
        api.up()
        workers = api.workers()
        api.process.kill()
        eventually(lambda: not any(worker.is_running() for worker in workers), "the workers end")
        with running(apart) as again:
            assert again.up()


def test_a_parent_that_is_killed_while_its_workers_start_leaves_none(apart: Settings) -> None:
    with running(apart) as api:
        workers = eventually(lambda: found if len(found := api.workers()) == 2 else [], "the workers", every_s=0.01)
        try:
            for worker in workers:
                worker.suspend()
            api.process.kill()
            api.process.wait()
            for worker in workers:
                worker.resume()
            eventually(lambda: not any(worker.is_running() for worker in workers), "the workers end")
        finally:
            for worker in workers:
                with contextlib.suppress(psutil.NoSuchProcess):
                    worker.kill()


def test_there_are_as_many_workers_as_cores(apart: Settings) -> None:
    with running(apart, workers=0) as api:
        api.up()
        assert len(api.workers()) == len(os.sched_getaffinity(0))


def test_all_workers_together_ask_the_database_once_for_a_board(apart: Settings) -> None:
    with Gate(apart.url) as gate:
        behind = msgspec.structs.replace(apart, influx_port=int(gate.url.rsplit(":", 1)[1]))
        with running(behind, workers=3) as api:
            api.up()
            answered = Counter[str]()

            def all_answer() -> bool:
                answer = httpx.get(f"{apart.api_url}/rank/ltcusd")  # on a connection of its own: any worker's
                assert answer.status_code == 200
                answered[answer.headers["x-request-id"].split("-")[0]] += 1
                return len(answered) == 3

            eventually(all_answer, "each worker's answers")
    queries = [
        msgspec.json.decode(seen.body, type=Query) for seen in gate.seen if seen.path.startswith("/api/v2/query")
    ]
    boards = Counter(bytes(one.extern) for one in queries if one.query == flux.source("queries/board"))
    assert len(boards) in (1, 2), "the board of the start, and perhaps one that was made meanwhile"
    assert set(boards.values()) == {1}
