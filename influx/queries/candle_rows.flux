// candle_rows: which minutes, hours or days one pair has candles of, and quotes.
//
// Runs    with a request for candles, where the candles of a window lack some of its minutes
// Reads   params.bucket/candle and /quote, [params.from, params.to); params.row is what a row of the bucket stands for
// Gives   rows of _time (the row's start), name and _value: for quote how many there are
// Cost    rows of one series as they are, and one pushed-down count; 20 ms for a week of minutes
series = (measurement, field) =>
    from(bucket: params.bucket)
        |> range(start: params.from, stop: params.to)
        |> filter(fn: (r) => r._measurement == measurement and r._field == field)
        |> filter(fn: (r) => r.exchange == params.exchange and r.pair == params.pair)

named = (name, tables=<-) =>
    tables
        |> set(key: "name", value: name)
        |> keep(columns: ["_time", "name", "_value"])

quotes =
    if params.bucket == "quotes" then
        series(measurement: "quote", field: "price")
            |> aggregateWindow(every: params.row, fn: count, createEmpty: false, timeSrc: "_start")
            |> toFloat()
            |> named(name: "quote")
    else
        series(measurement: "quote", field: "price_count") |> named(name: "quote")

union(tables: [series(measurement: "candle", field: "close") |> named(name: "candle"), quotes])
