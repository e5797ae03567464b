"""Figures of the collector that are there before the first failure."""

import pytest
import requests

from collector import lines, state
from collector.feed import Polled
from collector.lines import Bad
from collector.state import State
from collector.telemetry import Telemetry
from tests.ports import free_port

POLLED = Polled(
    exchange="kraken",
    tick_s=1_795_521_840,
    state=State("ok"),
    pairs=20,
    capped=5,
    quotes=18,
    lost=0,
    bad=(Bad("A", "zero price"), Bad("B", "zero price")),
    unlisted=3,
    used=0.25,
    took_s=0.5,
)


def figure(telemetry: Telemetry, name: str, **labels: str) -> float | None:
    return telemetry.registry.get_sample_value(name, labels)


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry(["kraken"])


def test_every_label_value_shows_a_zero_before_it_happens(telemetry: Telemetry) -> None:
    assert [figure(telemetry, "coinwatch_polls_total", exchange="kraken", state=name) for name in state.NAMES] == [
        0
    ] * 6
    for reason in lines.REASONS:
        assert figure(telemetry, "coinwatch_bad_rows_total", exchange="kraken", reason=reason) == 0
    assert figure(telemetry, "coinwatch_quotes_without_room_total", exchange="kraken") == 0
    assert figure(telemetry, "coinwatch_poll_overruns_total", exchange="kraken") == 0


def test_a_poll_shows_in_its_figures(telemetry: Telemetry) -> None:
    telemetry.polled(POLLED)
    telemetry.polled(POLLED)
    assert {
        name: figure(telemetry, name, exchange="kraken")
        for name in (
            "coinwatch_quotes_total",
            "coinwatch_pairs",
            "coinwatch_capped_pairs",
            "coinwatch_unlisted_tickers",
            "coinwatch_request_limit_used_ratio",
            "coinwatch_newest_quote_timestamp_seconds",
            "coinwatch_poll_duration_seconds_sum",
        )
    } == {
        "coinwatch_quotes_total": 36,
        "coinwatch_pairs": 20,
        "coinwatch_capped_pairs": 5,
        "coinwatch_unlisted_tickers": 3,
        "coinwatch_request_limit_used_ratio": 0.25,
        "coinwatch_newest_quote_timestamp_seconds": 1_795_521_840,
        "coinwatch_poll_duration_seconds_sum": 1.0,
    }
    assert figure(telemetry, "coinwatch_bad_rows_total", exchange="kraken", reason="zero price") == 4


def test_an_exchange_is_in_exactly_one_state(telemetry: Telemetry) -> None:
    telemetry.polled(POLLED)
    assert {
        name: figure(telemetry, "coinwatch_exchange_state", exchange="kraken", state=name) for name in state.NAMES
    } == {"ok": 1, "limited": 0, "banned": 0, "blocked": 0, "changed": 0, "down": 0}


def test_what_others_count_is_asked_when_it_is_read(telemetry: Telemetry) -> None:
    waiting = [1, 2, 3]
    telemetry.watch("coinwatch_spool_batches", "batches that wait", lambda: len(waiting))
    telemetry.count("coinwatch_lines_written", "lines", lambda: 10 * len(waiting))
    waiting.pop()
    assert figure(telemetry, "coinwatch_spool_batches") == 2
    assert figure(telemetry, "coinwatch_lines_written_total") == 20


def test_it_is_served_for_prometheus(telemetry: Telemetry) -> None:
    port = free_port()
    telemetry.polled(POLLED)
    with telemetry.serve("127.0.0.1", port):
        answer = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5)
    assert 'coinwatch_quotes_total{exchange="kraken"} 18.0' in answer.text
    assert "_created" not in answer.text
