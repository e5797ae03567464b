"""Every query of the Market dashboard, as it stands in the file that Grafana reads, on the real InfluxDB.

Grafana writes the variables' values into the text and the range in place of v. The test writes the variables' values
in the same way, hands v beside the query, and asks with Grafana's own token.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from msgspec import Struct

from grafana.__main__ import dashboards
from grafana.panels import text
from influx import flux, tokens
from influx.client import Database
from influx.settings import Settings

Row = TypeVar("Row")

PAIR = "dashusd"
ALPHA, BETA, GONE = "dash-alpha", "dash-beta", "dash-gone"
ALL = "dash-.*"
END = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=36)
RANGE: flux.Options = {
    "timeRangeStart": END - timedelta(hours=1),
    "timeRangeStop": END,
    "windowPeriod": timedelta(minutes=1),
}
PANELS = {panel.query for board in dashboards().values() for row in board.rows for panel in row.panels}
VARIABLES = {variable.query for board in dashboards().values() for variable in board.variables}


class Value(Struct, rename={"value": "_value"}):
    """A row of a query that answers with one column."""

    value: str


class Sample(Struct, rename={"time": "_time", "value": "_value"}):
    """A row of a time series."""

    time: datetime
    value: float
    exchange: str


class Market(Struct):
    """A row of the market's table."""

    exchange: str
    pair: str
    price: float
    change_24h: float
    volatility: float
    quote_volume: float


class Alert(Struct, rename={"time": "_time"}):
    """A row of the alerts' table."""

    time: datetime
    exchange: str
    pair: str
    metric: str
    rule: str
    ratio: float


class State(Struct):
    """A row of the exchanges' states."""

    exchange: str
    state: str
    reason: str


def minutes_before_the_end(minutes: int) -> datetime:
    return END - timedelta(minutes=minutes)


def line(series: str, fields: str, minutes: int) -> str:
    """A line of line protocol, so many minutes before the range's end."""
    return f"{series} {fields} {int(minutes_before_the_end(minutes).timestamp())}000000000"


def market_series(measurement: str, exchange: str) -> str:
    return f"{measurement},base=dash,exchange={exchange},pair={PAIR},quote=usd"


def quotes() -> Iterator[str]:
    for minutes in (1, 2, 3):
        yield line(market_series("quote", ALPHA), f"price={111 - minutes},volume=50", minutes)
        yield line(market_series("quote", BETA), "price=0.00000012,volume=70", minutes)
        yield line(market_series("candle", ALPHA), "open=1,high=1,low=1,close=1,volume=2.5", minutes)


def board() -> Iterator[str]:
    for minutes in (1, 2):
        alpha = "price=110,volume=50,quote_volume=5500,price_first=100,price_mean=100,price_stddev=5,price_count=1440"
        yield line(market_series("board", ALPHA), alpha, minutes)
        beta = "price=0.9,volume=70,quote_volume=63,price_first=1,price_mean=1,price_stddev=0.2,price_count=700"
        yield line(market_series("board", BETA), beta, minutes)
        yield line(market_series("board", GONE), "price_first=1,price_mean=1,price_stddev=0.1,price_count=9", minutes)


def alerts() -> Iterator[str]:
    for minutes in (5, 2, 9):
        series = f"alert,exchange={ALPHA},metric=price,pair={PAIR},rule=surge"
        yield line(series, f"price=0.31,value=0.31,mean=0.1,ratio={minutes}.5,late=false", minutes)


def states() -> Iterator[str]:
    yield line(f"exchange_state,exchange={ALPHA}", 'state="down",reason="HTTP 503",until=""', 9)
    yield line(f"exchange_state,exchange={ALPHA}", 'state="ok",reason="it answers again",until=""', 3)


@pytest.fixture(scope="module")
def grafana(influxd: Settings, operator: Database) -> Iterator[Database]:
    """The database as Grafana's token sees it, with a market of our own."""
    for bucket, lines in (("quotes", quotes()), ("board", board()), ("alerts", alerts()), ("events", states())):
        operator.write(bucket, "\n".join(lines).encode())
    reader = tokens.connect(influxd, tokens.GRAFANA)
    assert reader
    yield reader
    reader.close()


def ask(grafana: Database, query: str, row: type[Row], exchange: str = ALL) -> list[Row]:
    shown = text(query).replace("${pair}", PAIR).replace("${exchange:regex}", exchange)
    assert "${" not in shown, "a variable that the dashboard does not have"
    return grafana.query(shown, row, {"v": RANGE})


@pytest.mark.parametrize("query", sorted(PANELS | VARIABLES))
def test_every_query_answers_grafana_with_rows(grafana: Database, query: str) -> None:
    shown = text(query).replace("${pair}", PAIR).replace("${exchange:regex}", ALL)
    header, first, *_ = grafana.query_csv(shown, {"v": RANGE}).decode().splitlines()
    assert len(header.split(",")) == len(first.split(","))


def test_the_market_holds_change_and_volatility_of_every_series_on_the_board(grafana: Database) -> None:
    rows = {row.exchange: row for row in ask(grafana, "market", Market)}
    assert set(rows) == {ALPHA, BETA}
    assert rows[ALPHA].change_24h == pytest.approx(0.1)
    assert rows[BETA].volatility == pytest.approx(0.2)
    assert rows[ALPHA].quote_volume == 5500


def test_the_chosen_exchange_is_the_only_one_shown(grafana: Database) -> None:
    assert {row.exchange for row in ask(grafana, "market", Market, BETA)} == {BETA}
    assert {row.exchange for row in ask(grafana, "price", Sample, BETA)} == {BETA}


def test_the_price_is_the_last_of_each_step(grafana: Database) -> None:
    rows = [row for row in ask(grafana, "price", Sample) if row.exchange == ALPHA]
    assert [row.value for row in rows] == [108, 109, 110]


def test_what_was_traded_stands_at_the_start_of_its_minute(grafana: Database) -> None:
    rows = ask(grafana, "traded", Sample)
    assert [(row.time, row.value) for row in rows] == [(minutes_before_the_end(back), 2.5) for back in (3, 2, 1)]


def test_the_coverage_is_the_count_behind_the_statistics(grafana: Database) -> None:
    assert {(row.exchange, row.value) for row in ask(grafana, "coverage", Sample)} >= {(ALPHA, 1440), (BETA, 700)}


def test_the_counts_leave_out_what_is_off_the_board(grafana: Database) -> None:
    assert ask(grafana, "board_series", Value) == [Value("2")]
    assert ask(grafana, "board_exchanges", Value) == [Value("2")]


def test_the_newest_row_is_given_in_milliseconds(grafana: Database) -> None:
    newest = minutes_before_the_end(1)
    assert ask(grafana, "board_time", Value) == [Value(str(int(newest.timestamp()) * 1000))]


def test_alerts_are_counted_and_listed_newest_first(grafana: Database) -> None:
    assert ask(grafana, "alerts_count", Value) == [Value("3")]
    rows = ask(grafana, "alerts", Alert)
    assert [row.time for row in rows] == [minutes_before_the_end(back) for back in (2, 5, 9)]
    assert [row.ratio for row in rows] == [2.5, 5.5, 9.5]


def test_the_state_that_was_seen_last_is_shown(grafana: Database) -> None:
    assert ask(grafana, "exchange_states", State) == [State(ALPHA, "ok", "it answers again")]


def test_the_variables_offer_what_is_on_the_board(grafana: Database) -> None:
    exchanges = [row.value for row in ask(grafana, "exchanges", Value)]
    assert ALPHA in exchanges
    assert GONE not in exchanges
    assert ask(grafana, "pairs", Value) == [Value(PAIR)]
