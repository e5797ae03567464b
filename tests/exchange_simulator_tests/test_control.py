"""Listings, journal, request log, and what is said to a request that can't be obeyed."""

from datetime import UTC, datetime

import pytest

from tests.exchange_simulator_tests.stage import START_S, Stage

PAIRS = "/binance/api/v3/exchangeInfo"


def listed(stage: Stage) -> set[str]:
    return {row["symbol"] for row in stage.read(PAIRS)["symbols"] if row["status"] == "TRADING"}


def test_an_added_pair_is_listed_has_a_ticker_and_candles(stage: Stage) -> None:
    stage.order("pairs", exchange="binance", add=["newcoinusdt", "newcoin/sek"])

    assert {"NEWCOINUSDT", "NEWCOINSEK"} <= listed(stage)
    assert {"newcoinusdt", "newcoinsek"} <= stage.poll("binance").keys()
    assert len(stage.read("/binance/api/v3/klines?symbol=NEWCOINSEK&interval=1m&limit=7")) == 7


def test_a_removed_pair_is_gone_from_every_page_and_only_there(stage: Stage) -> None:
    candles = "/binance/api/v3/klines?symbol=DOGEUSD&interval=1m"
    assert stage.ask(candles).status_code == 200

    stage.order("pairs", exchange="binance", remove=["dogeusd"])

    assert "DOGEUSD" not in listed(stage)
    assert "dogeusd" not in stage.poll("binance")
    assert stage.ask(candles).status_code == 400
    assert "dogeusd" in stage.poll("kraken")


def test_a_pair_that_is_listed_already_is_not_listed_twice(stage: Stage) -> None:
    stage.order("pairs", exchange="binance", add=["dogeusd"])

    stage.poll("binance")
    assert [quote.pair for quote in stage.journal()].count("dogeusd") == 1


def test_the_journal_has_every_quote_that_was_served(stage: Stage) -> None:
    rows = stage.read("/binance/api/v3/ticker/24hr?symbols=[%22BTCUSD%22,%22DOGEUSD%22]")

    assert [(quote.exchange, quote.pair, quote.served_at) for quote in stage.journal()] == [
        ("binance", "btcusd", START_S),
        ("binance", "dogeusd", START_S),
    ]
    assert [(quote.price, quote.volume, quote.quote_volume) for quote in stage.journal()] == [
        (float(row["lastPrice"]), float(row["volume"]), float(row["quoteVolume"])) for row in rows
    ]


def test_the_journal_remembers_pairs_and_spikes_as_they_were(stage: Stage) -> None:
    stage.order("spike", exchange="binance", pair="dogeusd", metric="price", factor=4)
    before = stage.poll("binance")
    stage.now_s += 600
    stage.order("pairs", exchange="binance", remove=["dogeusd"])
    stage.poll("binance")

    assert {quote.pair: quote for quote in stage.journal() if quote.served_at == START_S} == before


def test_journal_and_requests_give_what_came_since(stage: Stage) -> None:
    stage.poll("binance")
    stage.now_s += 60
    stage.poll("kraken")
    later = stage.now_s

    assert {quote.exchange for quote in stage.journal(since=later)} == {"kraken"}
    assert [request.exchange for request in stage.requests(since=later)] == ["kraken"]
    assert {quote.exchange for quote in stage.journal()} == {"binance", "kraken"}


def test_since_may_be_rfc_3339(stage: Stage) -> None:
    stage.poll("binance")

    moment = datetime.fromtimestamp(START_S, UTC)
    assert len(stage.journal(since=f"{moment:%Y-%m-%dT%H:%M:%SZ}")) == 130
    assert stage.journal(since=f"{moment:%Y-%m-%dT%H:%M}:31Z") == []


def test_the_request_log_has_path_query_time_status_and_weight(stage: Stage) -> None:
    stage.ask("/binance/api/v3/klines?symbol=BTCUSD&interval=1m")
    stage.now_s += 1
    stage.ask("/kraken/0/public/Ticker")
    stage.ask("/binance/api/v3/klines?symbol=NOSUCH&interval=1m")
    stage.ask("/binance/nothing/here")

    assert [(row.exchange, row.path, row.at, row.status, row.weight) for row in stage.requests()] == [
        ("binance", "/api/v3/klines?symbol=BTCUSD&interval=1m", START_S, 200, 2),
        ("kraken", "/0/public/Ticker", START_S + 1, 200, 1),
        ("binance", "/api/v3/klines?symbol=NOSUCH&interval=1m", START_S + 1, 400, 2),
        ("binance", "/nothing/here", START_S + 1, 404, 0),
    ]


def test_a_weighing_exchange_says_what_the_minute_has_used(stage: Stage) -> None:
    weights = []
    for seconds in (0, 20, 30):
        stage.now_s = START_S + seconds
        weights.append(stage.ask(PAIRS).headers["X-MBX-USED-WEIGHT-1M"])

    assert weights == ["20", "40", "20"]


@pytest.mark.parametrize(
    ("name", "order", "said"),
    [
        (
            "fault",
            {"exchange": "binance", "kind": "503"},
            "429, 418, 451, 500, declined, hang, truncate, html, empty, none",
        ),
        ("fault", {"exchange": "mtgox", "kind": "429"}, "exchange is 'mtgox'; accepted: bi"),
        ("fault", {"exchange": "binance", "kind": "429", "minutes": 1}, "unknown field `minutes`"),
        ("spike", {"exchange": "binance", "pair": "btcusd", "metric": "high", "factor": 2}, "price, volume, traded"),
        ("spike", {"exchange": "binance", "pair": "btcusd", "metric": "price", "factor": 0}, "factor above 0"),
        ("spike", {"exchange": "binance", "pair": "nosuch", "metric": "price", "factor": 2}, "does not list 'nosuch'"),
        ("pairs", {"exchange": "binance", "add": ["xyz"]}, "ends in usd, usdt, eur, btc"),
        ("pairs", {"exchange": "binance", "remove": ["xyzusd"]}, "does not list xyzusd"),
    ],
)
def test_a_bad_order_gets_400_and_is_told_what_is_accepted(
    stage: Stage, name: str, order: dict[str, object], said: str
) -> None:
    answer = stage.ask(f"/_sim/{name}", order)

    assert answer.status_code == 400
    assert said in answer.text


@pytest.mark.parametrize("page", ["journal", "requests"])
def test_a_malformed_since_gets_400(stage: Stage, page: str) -> None:
    answer = stage.ask(f"/_sim/{page}?since=yesterday")

    assert (answer.status_code, answer.text) == (400, "since is 'yesterday'; accepted: Unix seconds or RFC 3339\n")


@pytest.mark.parametrize(
    "path",
    ["/binance/api/v3/klines?symbol=BTCUSD&interval=7m", "/binance/api/v3/ticker/24hr?symbols=BTCUSD"],
)
def test_a_malformed_parameter_of_a_page_gets_400(stage: Stage, path: str) -> None:
    assert stage.ask(path).status_code == 400


def test_a_page_that_is_not_there_names_those_that_are(stage: Stage) -> None:
    assert "/0/public/OHLC" in stage.ask("/kraken/0/public/Trades").text
    assert "binance" in stage.ask("/mtgox/ticker").text
