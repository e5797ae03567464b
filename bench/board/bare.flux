// bare: the board's aggregates alone, nothing written: what the storage engine needs in any case.
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

points(field: "price", start: fresh) |> last() |> yield(name: "price")
points(field: "volume", start: fresh) |> last() |> yield(name: "volume")
points(field: "quote_volume", start: fresh) |> last() |> yield(name: "quote_volume")

points(field: "price", start: hour) |> mean() |> yield(name: "price_mean_1h")
points(field: "volume", start: hour) |> mean() |> yield(name: "volume_mean_1h")
traded |> sum() |> yield(name: "traded_1h")

points(field: "price", start: day) |> count() |> yield(name: "price_count")
points(field: "price", start: day) |> mean() |> yield(name: "price_mean")
points(field: "price", start: day) |> stddev() |> yield(name: "price_stddev")
points(field: "price", start: day) |> min() |> yield(name: "price_min")
points(field: "price", start: day) |> max() |> yield(name: "price_max")
points(field: "price", start: day) |> first() |> yield(name: "price_first")

points(field: "healed", start: day) |> count() |> yield(name: "healed_count")

points(field: "volume", start: day) |> count() |> yield(name: "volume_count")
points(field: "volume", start: day) |> mean() |> yield(name: "volume_mean")
points(field: "volume", start: day) |> stddev() |> yield(name: "volume_stddev")
points(field: "volume", start: day) |> min() |> yield(name: "volume_min")
points(field: "volume", start: day) |> max() |> yield(name: "volume_max")
points(field: "volume", start: day) |> first() |> yield(name: "volume_first")
