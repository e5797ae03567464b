// chart: one series' newest value of each window of a span.
//
// Runs    with a request for one pair
// Reads   quotes/quote (params.field), [params.from, params.to)
// Gives   rows of _time (the window's start) and _value
// Cost    one pushed-down last() a window; some 20 ms for 1,440 rows
from(bucket: "quotes")
    |> range(start: params.from, stop: params.to)
    |> filter(
        fn: (r) =>
            r._measurement == "quote" and r.exchange == params.exchange and r.pair == params.pair
                and
                r._field == params.field,
    )
    |> aggregateWindow(every: params.every, fn: last, createEmpty: false, timeSrc: "_start")
    |> keep(columns: ["_time", "_value"])
