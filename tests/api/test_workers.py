"""`python -m api`: its processes, the line that says that it is up, its end."""

import psutil

from influx.settings import Settings
from tests.api.process import running
from tests.eventually import eventually


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
