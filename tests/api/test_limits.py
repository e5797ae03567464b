"""How many requests a client may send."""

from pathlib import Path

from api.limits import Limits
from api.problems import TooMany

NOW_S = 1_795_521_620.0  # 20 s into a minute


def test_a_client_that_asks_too_often_is_told_when_to_come_back(tmp_path: Path) -> None:
    limits = Limits(tmp_path / "limits", 2, lambda: NOW_S)
    told = [limits.count("10.0.0.1") for _ in range(3)]
    assert [dict(headers)[b"ratelimit-remaining"] for headers, _ in told] == [b"1", b"0", b"0"]
    assert [problem is None for _, problem in told] == [True, True, False]
    headers, problem = told[2]
    assert isinstance(problem, TooMany)
    assert problem.headers == {"Retry-After": "40"}
    assert dict(headers)[b"ratelimit-reset"] == b"40"
    limits.close()


def test_clients_are_counted_apart_and_minutes_too(tmp_path: Path) -> None:
    now = [NOW_S]
    limits = Limits(tmp_path / "limits", 1, lambda: now[0])
    assert limits.count("10.0.0.1")[1] is None
    assert limits.count("10.0.0.2")[1] is None
    assert limits.count("10.0.0.1")[1] is not None
    now[0] += 40
    assert limits.count("10.0.0.1")[1] is None
    limits.close()


def test_workers_count_together(tmp_path: Path) -> None:
    one, other = (Limits(tmp_path / "limits", 2, lambda: NOW_S) for _ in range(2))
    told = [limits.count("10.0.0.1")[1] is None for limits in (one, other, one, other)]
    assert told == [True, True, False, False]
    one.close()
    other.close()
