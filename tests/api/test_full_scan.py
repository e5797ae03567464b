"""Every figure that is served equals a full scan in Python over the same raw points, for every pair there is."""

import httpx
import pytest

from tests.api import full_scan
from tests.api.conftest import MadeMarket
from tests.api.full_scan import close


def test_every_row_of_the_list(client: httpx.Client, market: MadeMarket) -> None:
    rows = {row["pair"]: row for row in client.get("/metrics").json()["metrics"]}
    listed = full_scan.listed(market.points, market.minute)
    assert set(rows) == set(listed)
    for pair, series in listed.items():
        main, row = series[0], rows[pair]
        newest = market.points[main][-1]
        figures = full_scan.figures(market.points, market.minute, "price")
        assert [row["exchange"], row["exchanges"]] == [main.exchange, [tags.exchange for tags in series]], pair
        assert (row["price"], row["volume"], row["quote_volume"]) == newest[1:], pair
        assert close(row["comparable_volume"], figures["quote_volume"](main)), pair
        assert close(row["change_24h"], figures["change"](main)), pair
        assert close(row["stddev"], figures["stddev"](main)), pair
        assert close(row["volatility"], figures["volatility"](main)), pair


@pytest.mark.parametrize("metric", ["price", "volume"])
def test_the_statistics_and_the_chart_of_every_series(client: httpx.Client, market: MadeMarket, metric: str) -> None:
    for series in full_scan.listed(market.points, market.minute).values():
        for tags in series:
            answer = client.get(f"/metrics/{tags.pair}", params={"exchange": tags.exchange, "metric": metric}).json()
            of_day = full_scan.day(market.points[tags], market.minute)
            numbers = full_scan.values(of_day, metric)
            figures = full_scan.figures(market.points, market.minute, metric)
            found = answer["statistics"]
            assert found["count"] == len(numbers), tags
            assert close(found["mean"], figures["mean"](tags)), tags
            assert close(found["stddev"], figures["stddev"](tags)), tags
            assert [found["min"], found["max"], found["first"]] == (
                [min(numbers), max(numbers), numbers[0]] if numbers else [None] * 3
            ), tags
            points = [
                {"time": point.time.isoformat().replace("+00:00", "Z"), "value": getattr(point, metric)}
                for point in of_day
                if getattr(point, metric) is not None
            ]
            assert answer["chart"] == points, tags


@pytest.mark.parametrize(
    ("by", "metric"),
    [
        *((by, metric) for by in ("stddev", "volatility", "mean") for metric in ("price", "volume")),
        ("quote_volume", "price"),
        ("change", "price"),
        ("price", "price"),
    ],
)
@pytest.mark.parametrize("among", ["all", "kraken", "usd"])
def test_every_rank(client: httpx.Client, market: MadeMarket, by: str, metric: str, among: str) -> None:
    listed = full_scan.listed(market.points, market.minute)
    population = {
        "all": [series[0] for series in listed.values()],
        "kraken": [tags for series in listed.values() for tags in series if tags.exchange == "kraken"],
        "usd": [series[0] for series in listed.values() if series[0].quote == "usd"],
    }[among]
    figure = full_scan.figures(market.points, market.minute, metric)[by]
    known = {tags.pair: value for tags in population if (value := figure(tags)) is not None}
    asked = {"by": by, "metric": metric, "among": among}
    found = client.get("/rank", params=asked).json()
    assert found["of"] == len(known) == len(found["ranks"])
    for row in found["ranks"]:
        pair = row["pair"]
        assert close(row["value"], known[pair]), pair
        assert row["rank"] == 1 + sum(value > known[pair] for value in known.values()), pair
        one = client.get(f"/rank/{pair}", params=asked).json()
        assert (one["rank"], one["of"], one["text"]) == (row["rank"], len(known), f"{row['rank']}/{len(known)}"), pair
