// board: one row a series: the newest values, the last hour's means, the sliding 24 h statistics.
//
// Runs    every minute, for the minute that has begun
// Reads   quotes/quote (price, volume, quote_volume, healed) in (minute - 24 h, minute], quotes/candle (volume) of the
//         last hour
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

points = (field, start) =>
    from(bucket: "quotes")
        |> range(start: start, stop: stop)
        |> filter(fn: (r) => r._measurement == "quote" and r._field == field)

// A candle stands at its start: those of the last hour begin in [minute - 1 h, minute).
traded =
    from(bucket: "quotes")
        |> range(start: date.sub(d: 1h, from: minute), stop: minute)
        |> filter(fn: (r) => r._measurement == "candle" and r._field == "volume")

// Grouped into one table first: a table a series would cost more than the aggregate itself. toFloat() is a map, which
// costs as much, so only integers go through it.
write = (name, tables=<-) =>
    tables
        |> group()
        |> experimental.set(o: {_time: minute, _measurement: "board", _field: name})
        |> drop(columns: ["_start", "_stop"])
        |> to(bucket: "board")

points(field: "price", start: fresh) |> last() |> write(name: "price")
points(field: "volume", start: fresh) |> last() |> write(name: "volume")
points(field: "quote_volume", start: fresh) |> last() |> write(name: "quote_volume")

points(field: "price", start: hour) |> mean() |> write(name: "price_mean_1h")
points(field: "volume", start: hour) |> mean() |> write(name: "volume_mean_1h")
traded |> sum() |> write(name: "traded_1h")

points(field: "price", start: day) |> count() |> group() |> toFloat() |> write(name: "price_count")
points(field: "price", start: day) |> mean() |> write(name: "price_mean")
points(field: "price", start: day) |> stddev() |> write(name: "price_stddev")
points(field: "price", start: day) |> min() |> write(name: "price_min")
points(field: "price", start: day) |> max() |> write(name: "price_max")

// When that first point was, too: a change over 24 h is one only if it lies near the day's start.
price_first = points(field: "price", start: day) |> first()

price_first |> write(name: "price_first")
price_first
    |> group()
    |> map(fn: (r) => ({r with _value: float(v: int(v: r._time))}))
    |> write(name: "price_first_ns")

points(field: "healed", start: day)
    |> count()
    |> group()
    |> toFloat()
    |> write(name: "healed_count")

points(field: "volume", start: day)
    |> count()
    |> group()
    |> toFloat()
    |> write(name: "volume_count")
points(field: "volume", start: day) |> mean() |> write(name: "volume_mean")
points(field: "volume", start: day) |> stddev() |> write(name: "volume_stddev")
points(field: "volume", start: day) |> min() |> write(name: "volume_min")
points(field: "volume", start: day) |> max() |> write(name: "volume_max")
points(field: "volume", start: day) |> first() |> write(name: "volume_first")
