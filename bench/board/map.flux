// map: the board with its rows shaped by map, one row at a time.
//
// Runs    in bench/board, beside influx/tasks/board.flux
// Reads   what the board reads
// Cost    measured there
import "date"

minute = date.truncate(t: now(), unit: 1m)
stop = date.add(d: 1ns, to: minute)
day = date.sub(d: 24h, from: stop)
hour = date.sub(d: 1h, from: stop)
fresh = date.sub(d: params.silent_after, from: stop)

points = (field, start) =>
    from(bucket: "quotes")
        |> range(start: start, stop: stop)
        |> filter(fn: (r) => r._measurement == "quote" and r._field == field)

// A candle stands at its start: those of the last hour begin in [minute - 1 h, minute).
traded =
    from(bucket: "quotes")
        |> range(start: date.sub(d: 1h, from: minute), stop: minute)
        |> filter(fn: (r) => r._measurement == "candle" and r._field == "volume")

write = (name, tables=<-) =>
    tables
        |> group()
        |> toFloat()
        |> map(
            fn: (r) =>
                ({
                    _time: minute,
                    _measurement: "board",
                    _field: name,
                    _value: r._value,
                    base: r.base,
                    exchange: r.exchange,
                    pair: r.pair,
                    quote: r.quote,
                }),
        )
        |> to(bucket: "board")

points(field: "price", start: fresh) |> last() |> write(name: "price")
points(field: "volume", start: fresh) |> last() |> write(name: "volume")
points(field: "quote_volume", start: fresh) |> last() |> write(name: "quote_volume")

points(field: "price", start: hour) |> mean() |> write(name: "price_mean_1h")
points(field: "volume", start: hour) |> mean() |> write(name: "volume_mean_1h")
traded |> sum() |> write(name: "traded_1h")

points(field: "price", start: day) |> count() |> write(name: "price_count")
points(field: "price", start: day) |> mean() |> write(name: "price_mean")
points(field: "price", start: day) |> stddev() |> write(name: "price_stddev")
points(field: "price", start: day) |> min() |> write(name: "price_min")
points(field: "price", start: day) |> max() |> write(name: "price_max")
points(field: "price", start: day) |> first() |> write(name: "price_first")

// When that first point was: a change over 24 h is one only if it lies near the day's start.
points(field: "price", start: day)
    |> first()
    |> drop(columns: ["_value"])
    |> rename(columns: {_time: "_value"})
    |> toInt()
    |> write(name: "price_first_ns")

points(field: "healed", start: day) |> count() |> write(name: "healed_count")

points(field: "volume", start: day) |> count() |> write(name: "volume_count")
points(field: "volume", start: day) |> mean() |> write(name: "volume_mean")
points(field: "volume", start: day) |> stddev() |> write(name: "volume_stddev")
points(field: "volume", start: day) |> min() |> write(name: "volume_min")
points(field: "volume", start: day) |> max() |> write(name: "volume_max")
points(field: "volume", start: day) |> first() |> write(name: "volume_first")
