// join: only two of the board's figures, brought together by a join.
//
// Runs    in bench/board, beside influx/tasks/board.flux
// Reads   the newest price and the 24 h mean
// Cost    measured there
import "date"
import "experimental"
import "join"

minute = date.truncate(t: now(), unit: 1m)
stop = date.add(d: 1ns, to: minute)
day = date.sub(d: 24h, from: stop)
fresh = date.sub(d: params.silent_after, from: stop)

points = (field, start) =>
    from(bucket: "quotes")
        |> range(start: start, stop: stop)
        |> filter(fn: (r) => r._measurement == "quote" and r._field == field)

keyed = (tables=<-) => tables |> group(columns: ["base", "exchange", "pair", "quote"])

join.inner(
    left: points(field: "price", start: fresh) |> last() |> keyed(),
    right: points(field: "price", start: day) |> mean() |> keyed(),
    on: (l, r) => l.pair == r.pair and l.exchange == r.exchange,
    as: (l, r) => ({l with mean: r._value, _time: minute, _measurement: "joined"}),
)
    |> keep(
        columns: [
            "_measurement",
            "_time",
            "base",
            "exchange",
            "pair",
            "quote",
            "_value",
            "mean",
        ],
    )
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
