// coverage: how many of a stretch's minutes one series has quotes of, healed ones, candles, and candles with a trade.
//
// Runs    with a request for one pair
// Reads   quotes/quote (price, healed) at the ticks in [params.from, params.to), and quotes/candle (volume) of the
//         minutes that end there: [params.minutes_from, params.minutes_to)
// Gives   rows of name (quoted, healed, candles, traded) and _value; no row for 0
// Cost    three pushed-down counts of one series and one filter over its candles; 20 ms for a day
values = (measurement, field, start, stop) =>
    from(bucket: "quotes")
        |> range(start: start, stop: stop)
        |> filter(fn: (r) => r._measurement == measurement and r._field == field)
        |> filter(fn: (r) => r.exchange == params.exchange and r.pair == params.pair)

ticks = (field) => values(measurement: "quote", field: field, start: params.from, stop: params.to)

candles =
    values(
        measurement: "candle",
        field: "volume",
        start: params.minutes_from,
        stop: params.minutes_to,
    )

// A tick at a minute's end is that minute's, so windows begin behind the full minute.
minutes = (tables=<-) =>
    tables
        |> aggregateWindow(every: 1m, offset: 1ns, fn: count, createEmpty: false)
        |> count()

named = (name, tables=<-) =>
    tables
        |> set(key: "name", value: name)
        |> keep(columns: ["name", "_value"])

union(
    tables: [
        ticks(field: "price") |> minutes() |> named(name: "quoted"),
        ticks(field: "healed") |> minutes() |> named(name: "healed"),
        candles |> count() |> named(name: "candles"),
        candles |> filter(fn: (r) => r._value > 0.0) |> count() |> named(name: "traded"),
    ],
)
