"""Wrong input: each is answered with a 4xx that says what is accepted."""

import socket
from urllib.parse import urlsplit

import httpx
import pytest

ACCEPTED = [
    # an unknown pair, misspelt or impossible
    ("/metrics/dogusd", 404, "near: dogeusd"),
    ("/rank/dogusd", 404, "near: dogeusd"),
    ("/pairs/dogusd/candles", 404, "near: dogeusd"),
    ("/metrics/", 400, "accepted: base and quote currency such as btcusd"),
    ("/metrics/%00", 400, "accepted: base and quote currency such as btcusd"),
    ("/metrics/btc%00usd", 400, "accepted: base and quote currency such as btcusd"),
    ("/metrics/btc%0D%0Ausd", 400, "accepted: base and quote currency such as btcusd"),
    ("/metrics/%FF%FE", 400, "accepted: base and quote currency such as btcusd"),
    ("/rank/" + "x" * 10_000, 400, "at most 64 letters and digits"),
    ("/pairs/" + "x" * 10_000 + "/candles", 400, "at most 64 letters and digits"),
    ("/alerts?pair=%00", 400, "accepted: base and quote currency such as btcusd"),
    # an unknown exchange
    ("/metrics?exchange=krakn", 404, "accepted: binance, bitstamp, gemini, kraken"),
    ("/metrics/ltcusd?exchange=krakn", 404, "accepted: kraken"),
    ("/pairs/ltcusd/candles?exchange=krakn", 404, "accepted: kraken"),
    ("/rank?among=krakn", 404, "accepted: all, an exchange or a quote currency"),
    # a window that is too long or none
    ("/metrics/btcusd?window=2y", 400, "accepted: 1h, 1y, 24h, 30d, 7d"),
    ("/metrics/btcusd?window=1y&every=1m", 409, "accepted: 1h or longer"),
    ("/metrics/btcusd?from=2000-01-01T00:00:00Z&to=2099-01-01T00:00:00Z", 409, "accepted: up to 1500 weeks"),
    # from behind to
    ("/metrics/btcusd?from=2026-11-24T12:00:00Z&to=2026-11-24T11:00:00Z", 409, "accepted: a from before to"),
    ("/metrics/btcusd?from=yesterday", 400, "accepted: RFC 3339 such as 2026-11-24T12:00:00Z, or Unix seconds"),
    ("/alerts?since=2026-11-24", 400, "accepted: RFC 3339"),
    # every
    ("/pairs/btcusd/candles?every=1m", 400, "accepted: 5m or longer that divides a day"),
    ("/pairs/btcusd/candles?every=7m", 400, "accepted: 5m or longer that divides a day"),
    ("/metrics/btcusd?every=7m", 400, "accepted: 1m or longer that divides a day"),
    ("/metrics/btcusd?every=-5m", 400, "accepted: 1m or longer that divides a day"),
    # pages
    ("/metrics?page=0", 400, "page is '0'; accepted: a whole number from 1 to 1000000"),
    ("/metrics?per_page=1001", 400, "accepted: a whole number from 1 to 1000"),
    ("/rank?per_page=99999999999999999999", 400, "accepted: a whole number from 1 to 1000"),
    ("/metrics?page=1.5", 400, "accepted: a whole number from 1 to 1000000"),
    # time zones
    ("/pairs/btcusd/candles?tz=Mars/Olympus", 404, "accepted: names of the IANA database such as UTC, Europe/Rome"),
    ("/pairs/btcusd/candles?tz=../../etc/passwd", 404, "accepted: names of the IANA database"),
    # others
    ("/metrics?order=size", 400, "accepted: change_24h_asc, change_24h_desc"),
    ("/metrics/btcusd?metric=size", 400, "accepted: price, traded, volume"),
    ("/rank?by=size", 400, "accepted: change, mean, price, quote_volume, stddev, volatility"),
    ("/rank?by=price&metric=volume", 409, "stddev, volatility, mean have one"),
    ("/prices?pairs=btcusd&precision=19", 400, "accepted: a whole number from 0 to 18"),
    ("/prices", 400, "pairs is missing; accepted: comma-separated pairs, at most 250"),
    ("/metrics?search=%FF", 400, "is no UTF-8"),
    ("/metrics?search=" + "x" * 65, 400, "at most 64 characters"),
    ("/metrics?serach=btc", 400, "accepted: per_page, page, quote, base, exchange, search, order, format"),
    ("/metrics?format=xml", 400, "accepted: json, csv"),
    ("/nothing/here", 404, "/docs lists what there is"),
]


@pytest.mark.parametrize(("address", "status", "said"), ACCEPTED, ids=lambda value: str(value)[:60])
def test_it_is_answered_with_what_is_accepted(client: httpx.Client, address: str, status: int, said: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert said in answer.json()["detail"]
    assert len(answer.content) < 4_000


@pytest.mark.parametrize(
    "target",
    [b"/metrics/\xff\xfe", b"/metrics?search=\xff", b"/metrics/" + b"a" * 100_000, b"http://[/metrics", b"/%"],
    ids=["raw bytes", "raw bytes in the query", "a very long path", "an impossible address", "half an escape"],
)
def test_what_no_client_would_send_is_no_fault_of_ours(client: httpx.Client, target: bytes) -> None:
    address = urlsplit(str(client.base_url))
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as connection:
        connection.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = connection.makefile("rb").readline()
    assert answer.split()[1] in (b"400", b"404", b"414", b"431")
