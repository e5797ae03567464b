"""Lines as InfluxDB reads them: odd names and extreme figures come back as they were."""

import time

import pytest
from msgspec import Struct

from collector.exchange import Pair, Quote
from collector.lines import encode, join
from influx import schema
from influx.client import Database

READ = """
from(bucket: "quotes") |> range(start: -1h)
    |> filter(fn: (r) => r.exchange == params.exchange)
    |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")
    |> group()
"""


class Row(Struct):
    base: str
    quote: str
    pair: str
    price: float
    volume: float
    quote_volume: float


def stored(operator: Database, exchange: str, pair: Pair, quote: Quote) -> Row:
    joined = join(exchange, {}, [pair])
    (line,) = encode(joined.prefixes, [quote], int(time.time())).lines
    operator.write(schema.QUOTES.name, line.encode())
    (row,) = operator.query(READ, Row, {"params": {"exchange": exchange}})
    return row


@pytest.mark.parametrize("base", ["a,b", "a b", "a=b", "币安人生", "1000000mog", "$", "a'b\"c", "ẞ"])
def test_a_currency_of_any_printable_name_is_stored_under_it(base: str, operator: Database) -> None:
    row = stored(operator, f"odd {base}", Pair("X", base, "usd"), Quote("X", 1.0, 2.0, 3.0))
    assert (row.base, row.quote, row.pair) == (base.lower(), "usd", base.lower() + "usd")


@pytest.mark.parametrize("figure", [1e-300, 5e-9, 0.1 + 0.2, 1e15, 1e16, 123456789012345678.0, 1.7e300])
def test_a_figure_is_stored_without_loss(figure: float, operator: Database) -> None:
    row = stored(operator, f"extreme {figure}", Pair("X", "x", "usd"), Quote("X", figure, figure, 0.0))
    assert (row.price, row.volume, row.quote_volume) == (figure, figure, 0.0)
