"""Turns, evenly spaced, over restarts and between processes."""

import threading
from pathlib import Path

from collector.pace import Pace


def test_turns_are_a_gap_apart_and_never_make_up_for_idle_time(tmp_path: Path) -> None:
    now = [1000.0]
    pace = Pace(tmp_path / "pace", 15, lambda: now[0])
    assert [pace.take() for _ in range(3)] == [0.0, 4.0, 8.0]
    now[0] = 2000.0
    assert [pace.take(), pace.take()] == [0.0, 4.0]


def test_a_restart_does_not_bring_turns_back(tmp_path: Path) -> None:
    assert Pace(tmp_path / "pace", 60, lambda: 1000.0).take() == 0.0
    assert Pace(tmp_path / "pace", 60, lambda: 1000.25).take() == 0.75


def test_two_that_share_the_file_share_the_turns(tmp_path: Path) -> None:
    taken: list[float] = []

    def take(pace: Pace) -> None:
        taken.extend(pace.take() for _ in range(25))

    paces = [Pace(tmp_path / "pace", 600, lambda: 1000.0) for _ in range(4)]
    threads = [
        threading.Thread(target=lambda pace=pace: taken.extend(pace.take() for _ in range(25))) for pace in paces
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [round(turn, 3) for turn in sorted(taken)] == [round(number * 0.1, 3) for number in range(100)]


def test_a_clock_that_was_set_back_does_not_stop_the_turns(tmp_path: Path) -> None:
    Pace(tmp_path / "pace", 60, lambda: 9000.0).take()
    assert Pace(tmp_path / "pace", 60, lambda: 1000.0).take() == 0.0


def test_a_torn_file_is_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "pace").write_bytes(b"\0" * 20)
    assert Pace(tmp_path / "pace", 60, lambda: 1000.0).take() == 0.0
