// window_rows: which minutes, hours or days of a stretch have one pair's candles, or its quotes.
//
// Runs    with a request for candles, where the candles of a window lack some of its minutes
// Reads   params.bucket/params.measurement (params.field), [params.from, params.to)
// Gives   rows of _time (the row's start) and _value: how many there are in params.row where params.counted, else
//         the field as it is
// Cost    rows of one series, or one pushed-down count; 10 ms for a week of minutes
series =
    from(bucket: params.bucket)
        |> range(start: params.from, stop: params.to)
        |> filter(fn: (r) => r._measurement == params.measurement and r._field == params.field)
        |> filter(fn: (r) => r.exchange == params.exchange and r.pair == params.pair)

rows =
    if params.counted then
        series
            |> aggregateWindow(every: params.row, fn: count, createEmpty: false, timeSrc: "_start")
            |> toFloat()
    else
        series

rows |> keep(columns: ["_time", "_value"])
