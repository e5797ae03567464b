"""POST /_sim/fault: each kind, its end, and what the journal and the request log say of it."""

import pytest
from msgspec import DecodeError, json

from tests.exchange_simulator_tests.stage import Stage

TICKERS = "/binance/api/v3/ticker/24hr"


@pytest.mark.parametrize("kind", ["429", "418", "451", "500"])
def test_a_status_is_given_until_the_seconds_are_over(stage: Stage, kind: str) -> None:
    stage.order("fault", exchange="binance", kind=kind, seconds=30)

    assert stage.ask(TICKERS).status_code == int(kind)
    stage.now_s += 29
    assert stage.ask("/binance/api/v3/exchangeInfo").status_code == int(kind)
    stage.now_s += 1
    assert stage.ask(TICKERS).status_code == 200


@pytest.mark.parametrize("kind", ["429", "418"])
def test_a_limit_says_when_to_come_again(stage: Stage, kind: str) -> None:
    stage.order("fault", exchange="binance", kind=kind, seconds=30)
    stage.now_s += 10.5

    assert stage.ask(TICKERS).headers["Retry-After"] == "20"


def test_an_exchange_declines_in_its_own_envelope(stage: Stage) -> None:
    stage.order("fault", exchange="kraken", kind="declined", seconds=30)

    assert stage.read("/kraken/0/public/Ticker") == {"error": ["EAPI:Rate limit exceeded"]}


def test_a_truncated_answer_is_half_of_the_whole(stage: Stage) -> None:
    whole = stage.get(TICKERS)
    stage.order("fault", exchange="binance", kind="truncate", seconds=30)

    half = stage.get(TICKERS)

    assert whole.startswith(half)
    with pytest.raises(DecodeError):
        json.decode(half)


def test_html_comes_with_status_200(stage: Stage) -> None:
    stage.order("fault", exchange="binance", kind="html", seconds=30)

    answer = stage.ask(TICKERS)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert answer.content.startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("page", "empty"),
    [
        ("/binance/api/v3/ticker/24hr", []),
        ("/binance/api/v3/klines?symbol=BTCUSD&interval=1m", []),
        ("/kraken/0/public/Ticker", {"error": [], "result": {}}),
        ("/kraken/0/public/AssetPairs", {"error": [], "result": {}}),
    ],
)
def test_an_empty_answer_is_well_formed(stage: Stage, page: str, empty: object) -> None:
    stage.order("fault", exchange="*", kind="empty", seconds=30)

    assert stage.read(page) == empty


def test_a_fault_is_one_exchanges_own(stage: Stage) -> None:
    stage.order("fault", exchange="binance", kind="500", seconds=30)

    assert len(stage.poll("kraken")) == 130


def test_none_ends_a_fault(stage: Stage) -> None:
    stage.order("fault", exchange="binance", kind="500", seconds=30)
    stage.order("fault", exchange="binance", kind="none")

    assert len(stage.poll("binance")) == 130


@pytest.mark.parametrize("kind", ["429", "declined", "truncate", "html", "empty"])
def test_a_failed_answer_is_in_the_request_log_and_not_in_the_journal(stage: Stage, kind: str) -> None:
    stage.order("fault", exchange="binance", kind=kind, seconds=30)

    stage.ask(TICKERS)

    assert stage.journal() == []
    assert [request.path for request in stage.requests()] == ["/api/v3/ticker/24hr"]
