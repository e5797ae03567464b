"""A chart that is asked for on the event loop: the errors and the renewal of link.py."""

import asyncio
from pathlib import Path

import pytest

from api.asking import Asking
from api.link import Link
from api.problems import Away
from influx import flux, tokens
from influx.settings import Settings
from tests.api.conftest import MadeMarket
from tests.api.test_link import params
from tests.ports import free_port


def ask(asking: Asking, given: flux.Options) -> bytes:
    """The chart, on a loop of its own."""

    async def asked() -> bytes:
        try:
            return await asking.query_json("chart", given)
        finally:
            asking.close()

    return asyncio.run(asked())


def test_a_chart_is_what_the_link_reads(market: MadeMarket) -> None:
    link = Link(market.settings)
    found = ask(Asking(link), params(market))
    assert found == link.query_json("chart", params(market))
    assert found.count(b"time") > 1_000


def test_a_query_that_the_database_refuses_is_away(market: MadeMarket) -> None:
    with pytest.raises(Away, match="the database can't answer: HTTP 400"):
        ask(Asking(Link(market.settings)), {})


def test_a_token_that_comes_or_was_changed_is_taken_up(market: MadeMarket, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, influx_port=market.settings.influx_port)
    asking = Asking(Link(settings))
    with pytest.raises(Away, match="has not been set up yet"):
        ask(asking, params(market))
    tokens.keep(settings, tokens.API.name, "not a token")
    with pytest.raises(Away, match="does not accept the token api"):
        ask(asking, params(market))
    tokens.keep(settings, tokens.API.name, tokens.read(market.settings, tokens.API.name) or "")
    assert ask(asking, params(market))


def test_a_database_that_does_not_answer_is_away_and_counted(market: MadeMarket, tmp_path: Path) -> None:
    told: list[tuple[str, bool]] = []
    settings = Settings(home=tmp_path, influx_port=free_port())
    tokens.keep(settings, tokens.API.name, "any")
    asking = Asking(Link(settings, lambda name, answered, _: told.append((name, answered))))
    with pytest.raises(Away, match="no answer from") as raised:
        ask(asking, params(market))
    assert raised.value.retry_after_s >= 1
    assert told == [("chart", False)]
