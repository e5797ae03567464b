"""Reading a request's parameters: each wrong one is named, with what is accepted."""

from typing import Annotated, Literal

import pytest
from msgspec import Meta, Struct, field

from api.parameters import read
from api.problems import Malformed


class Needy(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    vs: Annotated[str, Meta(description="a currency")]


class Asked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pair: str = "btcusd"
    page: Annotated[int, Meta(ge=1, le=1000)] = 1
    by: Literal["price", "volume"] | None = None
    from_: str | None = field(name="from", default=None)
    short: Annotated[str, Meta(description="a short text", max_length=3)] = ""


def test_parameters_come_from_path_and_query() -> None:
    assert read(b"page=3&from=x&by=volume", {"pair": "ltcusd"}, Asked) == (
        Asked(pair="ltcusd", page=3, from_="x", by="volume"),
        None,
    )


def test_the_form_is_no_parameter_of_the_endpoint() -> None:
    assert read(b"format=csv", {}, Asked) == (Asked(), "csv")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (b"page=0", "page is '0'; accepted: a whole number from 1 to 1000"),
        (b"page=x", "page is 'x'; accepted: a whole number from 1 to 1000"),
        (b"page=", "page is ''; accepted: a whole number from 1 to 1000"),
        (b"by=size", "by is 'size'; accepted: price, volume"),
        (b"by=null", "by is 'null'; accepted: price, volume"),
        (b"short=abcd", "short is 'abcd'; accepted: a short text, at most 3 characters"),
        (b"size=1", "'size' is no parameter here; accepted: pair, page, by, from, short, format"),
        (b"from_=1", "'from_' is no parameter here"),
        (b"page=1&page=2", "'page' is given twice; once is accepted"),
        (b"pair=ltcusd", "'pair' is given twice"),
        (b"format=xml", "format is 'xml'; accepted: json, csv"),
        (b"page=%ff", "the query string is no UTF-8"),
        (b"\xff=1", "the query string is no UTF-8"),
        (b"&".join(b"a%d=1" % number for number in range(51)), "more than 50 parameters"),
        (b"from=" + b"x" * 20_001, "the query string has 20006 bytes; accepted: up to 20000"),
    ],
)
def test_what_is_wrong_is_named_with_what_is_accepted(query: bytes, said: str) -> None:
    with pytest.raises(Malformed) as raised:
        read(query, {"pair": "btcusd"}, Asked)
    assert said in raised.value.detail


def test_a_parameter_that_is_missing_is_named() -> None:
    with pytest.raises(Malformed, match="vs is missing; accepted: a currency"):
        read(b"", {}, Needy)
