// traded_statistics: statistics of one series' minute volumes, from the exchange's own candles.
//
// Runs    with a request for one pair's traded volume
// Reads   quotes/candle (volume), [params.from, params.to)
// Gives   rows of _field (count, mean, stddev, min, max, first, and quiet: minutes without a trade) and _value
// Cost    six pushed-down aggregates of one series, and its rows once
volumes =
    from(bucket: "quotes")
        |> range(start: params.from, stop: params.to)
        |> filter(fn: (r) => r._measurement == "candle" and r._field == "volume")
        |> filter(fn: (r) => r.exchange == params.exchange and r.pair == params.pair)

named = (name, tables=<-) =>
    tables
        |> toFloat()
        |> set(key: "_field", value: name)
        |> keep(columns: ["_field", "_value"])

union(
    tables: [
        volumes |> count() |> named(name: "count"),
        volumes |> filter(fn: (r) => r._value == 0.0) |> count() |> named(name: "quiet"),
        volumes |> mean() |> named(name: "mean"),
        volumes |> stddev() |> named(name: "stddev"),
        volumes |> min() |> named(name: "min"),
        volumes |> max() |> named(name: "max"),
        volumes |> first() |> named(name: "first"),
    ],
)
