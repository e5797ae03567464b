"""The API's way to the database."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from api.link import Link
from api.problems import Away
from influx import flux, tokens
from influx.client import Database
from influx.settings import Settings
from tests.api.conftest import MadeMarket
from tests.ports import free_port

DAY = timedelta(days=1)


def params(market: MadeMarket, field: str = "price", start: timedelta = DAY) -> flux.Options:
    """Those of queries/chart for dogeusd."""
    return {
        "bucket": "quotes",
        "measurement": "quote",
        "field": field,
        "exchange": "kraken",
        "pair": "dogeusd",
        "from": market.minute - start,
        "to": market.minute + timedelta(seconds=1),
        "every": timedelta(minutes=1),
    }


def test_points_are_read_as_they_were_written(market: MadeMarket) -> None:
    answer = Link(market.settings).query_json("chart", params(market, start=timedelta(minutes=2)))
    assert msgspec.json.decode(answer) == [
        {"time": point.time.isoformat().replace("+00:00", "Z"), "value": point.price}
        for point in market.of("dogeusd")[-3:]
    ]


def test_no_points_are_an_empty_list(market: MadeMarket) -> None:
    assert Link(market.settings).query_json("chart", params(market, field="none")) == b"[]"


def test_a_query_that_the_database_refuses_is_away(market: MadeMarket) -> None:
    with pytest.raises(Away, match="the database can't answer: HTTP 400"):
        Link(market.settings).query_json("chart", {})


def test_before_setup_the_database_is_away_and_after_it_is_there(market: MadeMarket, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, influx_port=market.settings.influx_port)
    link = Link(settings)
    with pytest.raises(Away, match="has not been set up yet"):
        link.database()
    tokens.keep(settings, tokens.API.name, tokens.read(market.settings, tokens.API.name) or "")
    assert link.query_json("chart", params(market))


def test_a_token_that_was_changed_is_taken_up(market: MadeMarket, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, influx_port=market.settings.influx_port)
    tokens.keep(settings, tokens.API.name, "not a token")
    link = Link(settings)
    with pytest.raises(Away, match="does not accept the token api"):
        link.query_json("chart", params(market))
    tokens.keep(settings, tokens.API.name, tokens.read(market.settings, tokens.API.name) or "")
    assert link.query_json("chart", params(market))


def test_a_database_that_does_not_answer_is_away_and_counted(market: MadeMarket, tmp_path: Path) -> None:
    told: list[tuple[str, bool]] = []
    settings = Settings(home=tmp_path, influx_port=free_port())
    tokens.keep(settings, tokens.API.name, "any")
    link = Link(settings, lambda name, answered, _: told.append((name, answered)))
    with pytest.raises(Away, match="no answer from") as raised:
        link.query_json("chart", params(market))
    assert raised.value.retry_after_s >= 1
    assert told == [("chart", False)]


def test_the_token_reads_and_can_write_alerts_alone(market: MadeMarket) -> None:
    database: Database = Link(market.settings).database()
    line = f"quote,pair=x price=1 {int(datetime.now(UTC).timestamp())}000000000".encode()
    with Link(market.settings).asking() as same, pytest.raises(Exception, match="does not accept the token"):
        same.write("quotes", line)
    database.close()
