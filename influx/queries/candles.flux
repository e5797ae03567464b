// candles: one pair's windows from the minutes: of the exchange's own candles, and of the quotes.
//
// Runs    with a request for candles
// Reads   quotes/candle and quotes/quote (price), [params.from, params.to)
// Gives   rows of _time (the window's start), name and _value; candle_count counts the minutes
// Cost    a pushed-down aggregate a name, of one series
series = (measurement, field) =>
    from(bucket: "quotes")
        |> range(start: params.from, stop: params.to)
        |> filter(fn: (r) => r._measurement == measurement and r._field == field)
        |> filter(fn: (r) => r.exchange == params.exchange and r.pair == params.pair)

windows = (name, fn, tables=<-) =>
    tables
        |> aggregateWindow(
            every: params.every,
            offset: params.offset,
            fn: fn,
            createEmpty: false,
            timeSrc: "_start",
        )
        |> toFloat()
        |> set(key: "name", value: name)
        |> keep(columns: ["_time", "name", "_value"])

candle = (field) => series(measurement: "candle", field: field)
quote = (field) => series(measurement: "quote", field: field)

union(
    tables: [
        candle(field: "open") |> windows(name: "candle_open", fn: first),
        candle(field: "high") |> windows(name: "candle_high", fn: max),
        candle(field: "low") |> windows(name: "candle_low", fn: min),
        candle(field: "close") |> windows(name: "candle_close", fn: last),
        candle(field: "volume") |> windows(name: "candle_volume", fn: sum),
        candle(field: "close") |> windows(name: "candle_count", fn: count),
        quote(field: "price") |> windows(name: "quote_open", fn: first),
        quote(field: "price") |> windows(name: "quote_high", fn: max),
        quote(field: "price") |> windows(name: "quote_low", fn: min),
        quote(field: "price") |> windows(name: "quote_close", fn: last),
        quote(field: "price") |> windows(name: "quote_count", fn: count),
    ],
)
