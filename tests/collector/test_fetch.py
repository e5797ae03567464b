"""What an answer's status means for the poller."""

from collections.abc import Iterator

import pytest
import responses

from collector.decode import Changed
from collector.fetch import BAN_S, LONGEST_S, PAUSE_S, Fetcher, retry_after
from collector.outcome import Banned, Blocked, Down, Failed, Limited
from influx.version import version
from tests.ports import free_port

URL = "https://api.kraken.com"
NOW_S = 1_795_521_840.0  # Tue, 24 Nov 2026 12:04:00 GMT


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as web:
        yield web


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    fetcher = Fetcher(URL, lambda: NOW_S)
    yield fetcher
    fetcher.close()


def test_an_answer_200_is_its_bytes(web: responses.RequestsMock, fetcher: Fetcher) -> None:
    web.get(f"{URL}/a", body=b"[1]", headers={"X-MBX-Used-Weight-1M": "80"})
    assert fetcher.get("/a", 5) == b"[1]"
    assert fetcher.headers["x-mbx-used-weight-1m"] == "80"


@pytest.mark.parametrize(
    ("status", "headers", "failure", "until_s"),
    [
        (429, {"Retry-After": "17"}, Limited, NOW_S + 17),
        (429, {"Retry-After": "Tue, 24 Nov 2026 12:05:00 GMT"}, Limited, NOW_S + 60),
        (429, {}, Limited, NOW_S + PAUSE_S),
        (418, {"Retry-After": "7200"}, Banned, NOW_S + 7200),
        (418, {}, Banned, NOW_S + BAN_S),
        (418, {"Retry-After": "99999999"}, Banned, NOW_S + LONGEST_S),
        (503, {"Retry-After": "30"}, Limited, NOW_S + 30),
    ],
)
def test_a_pause_that_is_asked_for_has_its_end(
    web: responses.RequestsMock,
    fetcher: Fetcher,
    status: int,
    headers: dict[str, str],
    failure: type[Limited],
    until_s: float,
) -> None:
    web.get(f"{URL}/a", status=status, headers=headers)
    with pytest.raises(Limited) as raised:
        fetcher.get("/a", 5)
    assert (type(raised.value), raised.value.until_s) == (failure, until_s)


@pytest.mark.parametrize("status", [429, 418])
def test_who_asks_for_a_pause_is_not_asked_again_at_once(
    web: responses.RequestsMock, fetcher: Fetcher, status: int
) -> None:
    answer = web.get(f"{URL}/a", status=status, headers={"Retry-After": "0"})
    with pytest.raises(Limited):
        fetcher.get("/a", 5)
    assert answer.call_count == 1


@pytest.mark.parametrize(
    ("status", "failure"), [(403, Blocked), (451, Blocked), (500, Down), (503, Down), (408, Down), (404, Changed)]
)
def test_any_other_status_is_a_failure_of_its_kind(
    web: responses.RequestsMock, fetcher: Fetcher, status: int, failure: type[Failed]
) -> None:
    web.get(f"{URL}/a", status=status)
    with pytest.raises(failure, match=str(status)):
        fetcher.get("/a", 5)


def test_a_servers_own_fault_is_tried_again_at_once(web: responses.RequestsMock, fetcher: Fetcher) -> None:
    web.get(f"{URL}/a", status=502)
    web.get(f"{URL}/a", body=b"[]")
    assert fetcher.get("/a", 5) == b"[]"


def test_a_path_that_is_gone_quotes_what_was_said(web: responses.RequestsMock, fetcher: Fetcher) -> None:
    web.get(f"{URL}/a", status=404, body="moved to v9")
    with pytest.raises(Changed, match="'moved to v9'"):
        fetcher.get("/a", 5)


def test_a_refused_connection_is_told_in_words_that_stay_the_same() -> None:
    fetcher = Fetcher(f"http://127.0.0.1:{free_port()}")
    messages = set()
    for _ in range(2):
        with pytest.raises(Down) as raised:
            fetcher.get("/a", 5)
        messages.add(str(raised.value))
    fetcher.close()
    assert messages == {"no answer: Connection refused"}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5", 5),
        (" 5 ", 5),
        ("Tue, 24 Nov 2026 12:04:30 GMT", 30),
        ("Tue, 24 Nov 2026 12:00:00 GMT", 0),
        ("soon", 9),
        ("", 9),
    ],
)
def test_retry_after_is_a_number_or_a_date(text: str, seconds: float) -> None:
    assert retry_after(text, NOW_S, 9) == seconds


def test_an_exchange_is_told_who_asks_and_in_which_version(web: responses.RequestsMock, fetcher: Fetcher) -> None:
    named = responses.matchers.header_matcher({"User-Agent": f"coinwatch/{version()}"})
    web.get(f"{URL}/a", body=b"[1]", match=[named])
    assert fetcher.get("/a", 5) == b"[1]"
