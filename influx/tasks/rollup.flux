// rollup: count, mean, stddev, min, max, first and last of each series of quotes; open, high, low, close and volume of
// each series of candles, a row a window of params.every. hourly and daily are this file with other parameters.
//
// Runs    as influx/jobs.py says; by hand: python -m influx rollup
// Reads   quotes/quote (price, volume) and quotes/candle in the full windows of the last params.back;
//         params.windows numbers them backwards: [1, 2, …], and a single one is [1, 1], for union wants two streams
// Writes  params.bucket/quote and /candle at the start of the window (UTC); the same row again overwrites
// Mends   missed runs and late points as far back as it reads
// Cost    one pushed-down aggregate a field and statistic; stddev is not pushed down in windows, so it reads
//         window by window, 0.1 s each at 1,000 series against 0.5 s; bench/board
import "array"
import "date"
import "experimental"

stop = date.truncate(t: now(), unit: params.every)

before = (n) => date.sub(d: duration(v: n * int(v: params.every)), from: stop)

points = (measurement, field, start, stop) =>
    from(bucket: "quotes")
        |> range(start: start, stop: stop)
        |> filter(fn: (r) => r._measurement == measurement and r._field == field)

// Grouped into one table first: a table a series would cost more than the aggregate itself.
named = (measurement, name, tables=<-) =>
    tables
        |> group()
        |> experimental.set(o: {_measurement: measurement, _field: name})
        |> drop(columns: ["_start", "_stop"])

aggregated = (measurement, field, name, fn) =>
    points(
        measurement: measurement,
        field: field,
        start: date.sub(d: params.back, from: stop),
        stop: stop,
    )
        |> aggregateWindow(every: params.every, fn: fn, createEmpty: false, timeSrc: "_start")
        |> named(measurement: measurement, name: name)

windows = (measurement, field, name, fn) =>
    aggregated(measurement: measurement, field: field, name: name, fn: fn)
        |> to(bucket: params.bucket)

// count() gives integers, and a bucket wants one type a field: as floats, all in one table.
counts = (field) =>
    aggregated(measurement: "quote", field: field, name: field + "_count", fn: count)
        |> toFloat()
        |> to(bucket: params.bucket)

stddevs = (field) =>
    union(
        tables:
            array.map(
                arr: params.windows,
                fn: (x) =>
                    points(
                        measurement: "quote",
                        field: field,
                        start: before(n: x),
                        stop: before(n: x - 1),
                    )
                        |> stddev()
                        |> duplicate(column: "_start", as: "_time")
                        |> named(measurement: "quote", name: field + "_stddev"),
            ),
    )
        |> to(bucket: params.bucket)

counts(field: "price")
windows(measurement: "quote", field: "price", name: "price_mean", fn: mean)
windows(measurement: "quote", field: "price", name: "price_min", fn: min)
windows(measurement: "quote", field: "price", name: "price_max", fn: max)
windows(measurement: "quote", field: "price", name: "price_first", fn: first)
windows(measurement: "quote", field: "price", name: "price_last", fn: last)
stddevs(field: "price")

counts(field: "volume")
windows(measurement: "quote", field: "volume", name: "volume_mean", fn: mean)
windows(measurement: "quote", field: "volume", name: "volume_min", fn: min)
windows(measurement: "quote", field: "volume", name: "volume_max", fn: max)
windows(measurement: "quote", field: "volume", name: "volume_first", fn: first)
windows(measurement: "quote", field: "volume", name: "volume_last", fn: last)
stddevs(field: "volume")

windows(measurement: "candle", field: "open", name: "open", fn: first)
windows(measurement: "candle", field: "high", name: "high", fn: max)
windows(measurement: "candle", field: "low", name: "low", fn: min)
windows(measurement: "candle", field: "close", name: "close", fn: last)
windows(measurement: "candle", field: "volume", name: "volume", fn: sum)
