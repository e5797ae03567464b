// candles: one series' candles merged into windows, and beside them what its quotes sampled in the same windows.
//
// Runs    with a request for one pair's candles; influx/candles.py puts the two together
// Reads   params.bucket/candle and params.bucket/quote, [params.from, params.to), in windows of params.every (UTC);
//         params.sampled names the quotes' fields: all price in quotes, price_first and so on in the rollups
// Gives   rows of _time (the window's start), _value and _field: open, high, low, close, volume, count, and the same
//         but volume with sampled_ before it
// Cost    eleven pushed-down aggregates of one series; 30 ms for 288 windows
values = (measurement, field, fn, name) =>
    from(bucket: params.bucket)
        |> range(start: params.from, stop: params.to)
        |> filter(fn: (r) => r._measurement == measurement and r._field == field)
        |> filter(fn: (r) => r.exchange == params.exchange and r.pair == params.pair)
        |> aggregateWindow(every: params.every, fn: fn, createEmpty: false, timeSrc: "_start")
        |> toFloat()
        |> set(key: "_field", value: name)
        |> keep(columns: ["_time", "_value", "_field"])

union(
    tables: [
        values(measurement: "candle", field: "open", fn: first, name: "open"),
        values(measurement: "candle", field: "high", fn: max, name: "high"),
        values(measurement: "candle", field: "low", fn: min, name: "low"),
        values(measurement: "candle", field: "close", fn: last, name: "close"),
        values(measurement: "candle", field: "volume", fn: sum, name: "volume"),
        values(measurement: "candle", field: "volume", fn: count, name: "count"),
        values(measurement: "quote", field: params.sampled.open, fn: first, name: "sampled_open"),
        values(measurement: "quote", field: params.sampled.high, fn: max, name: "sampled_high"),
        values(measurement: "quote", field: params.sampled.low, fn: min, name: "sampled_low"),
        values(measurement: "quote", field: params.sampled.close, fn: last, name: "sampled_close"),
        values(measurement: "quote", field: params.sampled.close, fn: count, name: "sampled_count"),
    ],
)
