// board: one row a series: the newest values, the last hour's means, the sliding 24 h statistics.
//
// Runs    every minute, for the minute that has begun
// Reads   quotes/quote (price, volume, quote_volume) and quotes/candle (volume) in (minute - 24 h, minute]
// Writes  board/board at the minute; the same row again overwrites. A series whose last point is older than
//         params.silent_after has no price in its row: it is off the board until it comes back
// Mends   nothing: a missed minute has no board, the next one is whole again
// Cost    one pushed-down aggregate a field; bench/board
import "date"
import "experimental"

minute = date.truncate(t: now(), unit: 1m)
stop = date.add(d: 1ns, to: minute)
day = date.sub(d: 24h, from: stop)
hour = date.sub(d: 1h, from: stop)
fresh = date.sub(d: params.silent_after, from: stop)

points = (measurement, field, start) =>
    from(bucket: "quotes")
        |> range(start: start, stop: stop)
        |> filter(fn: (r) => r._measurement == measurement and r._field == field)

// Grouped into one table first: a table a series would cost more than the aggregate itself.
write = (name, tables=<-) =>
    tables
        |> group()
        |> toFloat()
        |> experimental.set(o: {_time: minute, _measurement: "board", _field: name})
        |> drop(columns: ["_start", "_stop"])
        |> to(bucket: "board")

points(measurement: "quote", field: "price", start: fresh) |> last() |> write(name: "price")
points(measurement: "quote", field: "volume", start: fresh) |> last() |> write(name: "volume")
points(measurement: "quote", field: "quote_volume", start: fresh) |> last() |> write(name: "quote_volume")

points(measurement: "quote", field: "price", start: hour) |> mean() |> write(name: "price_mean_1h")
points(measurement: "quote", field: "volume", start: hour) |> mean() |> write(name: "volume_mean_1h")
points(measurement: "candle", field: "volume", start: hour) |> sum() |> write(name: "traded_1h")

points(measurement: "quote", field: "price", start: day) |> count() |> write(name: "price_count")
points(measurement: "quote", field: "price", start: day) |> mean() |> write(name: "price_mean")
points(measurement: "quote", field: "price", start: day) |> stddev() |> write(name: "price_stddev")
points(measurement: "quote", field: "price", start: day) |> min() |> write(name: "price_min")
points(measurement: "quote", field: "price", start: day) |> max() |> write(name: "price_max")
points(measurement: "quote", field: "price", start: day) |> first() |> write(name: "price_first")

points(measurement: "quote", field: "volume", start: day) |> count() |> write(name: "volume_count")
points(measurement: "quote", field: "volume", start: day) |> mean() |> write(name: "volume_mean")
points(measurement: "quote", field: "volume", start: day) |> stddev() |> write(name: "volume_stddev")
points(measurement: "quote", field: "volume", start: day) |> min() |> write(name: "volume_min")
points(measurement: "quote", field: "volume", start: day) |> max() |> write(name: "volume_max")
points(measurement: "quote", field: "volume", start: day) |> first() |> write(name: "volume_first")
