"""GET /rank/{pair}."""

import statistics
from datetime import timedelta

import httpx

from tests.api.conftest import MadeMarket


def test_the_value_is_the_sample_standard_deviation_of_the_last_24_hours(
    client: httpx.Client, market: MadeMarket
) -> None:
    answer = client.get("/rank/dogeusd").json()
    points = next(points for tags, points in market.points.items() if tags.pair == "dogeusd")
    prices = [point.price for point in points if point.time > market.minute - timedelta(days=1)]
    assert answer["by"] == "stddev"
    assert abs(answer["value"] / statistics.stdev(prices) - 1) < 1e-9
