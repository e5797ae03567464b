// pivot: the board as one wide row a series, by union and pivot.
//
// Runs    in bench/board, beside influx/tasks/board.flux
// Reads   what the board reads
// Cost    measured there
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

named = (name, tables=<-) =>
    tables
        |> group()
        |> toFloat()
        |> set(key: "figure", value: name)
        |> keep(
            columns: [
                "base",
                "exchange",
                "pair",
                "quote",
                "figure",
                "_value",
            ],
        )

union(
    tables: [
        points(field: "price", start: fresh) |> last() |> named(name: "price"),
        points(field: "volume", start: fresh) |> last() |> named(name: "volume"),
        points(field: "quote_volume", start: fresh) |> last() |> named(name: "quote_volume"),
        points(field: "price", start: hour) |> mean() |> named(name: "price_mean_1h"),
        points(field: "volume", start: hour) |> mean() |> named(name: "volume_mean_1h"),
        traded |> sum() |> named(name: "traded_1h"),
        points(field: "price", start: day) |> count() |> named(name: "price_count"),
        points(field: "price", start: day) |> mean() |> named(name: "price_mean"),
        points(field: "price", start: day) |> stddev() |> named(name: "price_stddev"),
        points(field: "price", start: day) |> min() |> named(name: "price_min"),
        points(field: "price", start: day) |> max() |> named(name: "price_max"),
        points(field: "price", start: day) |> first() |> named(name: "price_first"),
        points(field: "price", start: day)
            |> first()
            |> drop(columns: ["_value"])
            |> rename(columns: {_time: "_value"})
            |> toInt()
            |> named(name: "price_first_ns"),
        points(field: "healed", start: day) |> count() |> named(name: "healed_count"),
        points(field: "volume", start: day) |> count() |> named(name: "volume_count"),
        points(field: "volume", start: day) |> mean() |> named(name: "volume_mean"),
        points(field: "volume", start: day) |> stddev() |> named(name: "volume_stddev"),
        points(field: "volume", start: day) |> min() |> named(name: "volume_min"),
        points(field: "volume", start: day) |> max() |> named(name: "volume_max"),
        points(field: "volume", start: day) |> first() |> named(name: "volume_first"),
    ],
)
    |> pivot(
        rowKey: ["base", "exchange", "pair", "quote"],
        columnKey: ["figure"],
        valueColumn: "_value",
    )
    |> experimental.set(o: {_time: minute, _measurement: "wide"})
    |> group(
        columns: [
            "_measurement",
            "base",
            "exchange",
            "pair",
            "quote",
        ],
    )
    |> experimental.to(bucket: "board")
