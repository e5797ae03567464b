"""What one writes first: ccxt's fetch_tickers, a Point of influxdb-client for each ticker, a synchronous write."""

import time
from collections.abc import Mapping
from typing import Any

import ccxt
from influxdb_client import InfluxDBClient, Point, WritePrecision
from influxdb_client.client.write_api import SYNCHRONOUS

from bench.place import here
from bench.usage import peak_mb
from influx import tokens

label = f"ccxt {ccxt.__version__} and Point"
POLLS = 3


def run(size: int) -> dict[str, float]:
    """CPU a quote and peak memory, polls back to back."""
    place = here()
    settings = place.settings
    exchange = ccxt.binance({"options": {"fetchMarkets": {"types": ["spot"]}, "fetchCurrencies": False}})
    exchange.urls = {**(exchange.urls or {}), "api": {"public": f"{place.exchange_url}/api/v3"}}
    token = str(tokens.read(settings, tokens.OPERATOR))
    with InfluxDBClient(settings.url, token, org=settings.influx_org, enable_gzip=True, timeout=60_000) as client:
        writing = client.write_api(write_options=SYNCHRONOUS)
        exchange.load_markets()
        quotes, began_s = 0, time.process_time()
        for _ in range(POLLS):
            points = [point(ticker) for ticker in exchange.fetch_tickers().values() if ticker["last"]]
            writing.write("quotes", record=points)
            quotes += len(points)
        used_s = time.process_time() - began_s
    if quotes < POLLS * size * 0.99:
        raise RuntimeError(f"{quotes} quotes instead of {POLLS * size}")
    return {"cpu_us": used_s / quotes * 1e6, "memory_mb": peak_mb("self"), "quotes": quotes}


def point(ticker: Mapping[str, Any]) -> Point:
    """One ticker as a point."""
    base, _, quote = ticker["symbol"].lower().partition("/")
    written: Point = (
        Point("ccxt")
        .tag("base", base)
        .tag("exchange", "binance")
        .tag("pair", base + quote)
        .tag("quote", quote)
        .field("price", ticker["last"])
        .field("volume", ticker["baseVolume"])
        .field("quote_volume", ticker["quoteVolume"])
        .time(int(time.time()), WritePrecision.S)
    )
    return written
