// ratio: raises a crit status for each series whose value at the tick exceeds factor x its mean of the hour before.
//
// Runs    every minute, for the newest tick; for any other tick when now() is set to it
// Reads   quotes/quote in [tick - 1 h, tick]; the tick itself is no part of the mean
// Writes  _monitoring/statuses, one a series that exceeds, with price, value, mean and ratio
// Mends   nothing by itself: a tick that was missed or got late points is judged when it is handed in
// Cost    two pushed-down aggregates, union, pivot; the hour is counted only for what exceeds
import "date"
import "experimental"
import "influxdata/influxdb/monitor"
import "system"

tick = date.truncate(t: now(), unit: 1m)
after = date.add(d: 1ns, to: tick)
hour = date.sub(d: 1h, from: tick)

points = (start, stop) =>
    from(bucket: "quotes")
        |> range(start: start, stop: stop)
        |> filter(fn: (r) => r._measurement == "quote" and r._field == params.metric)

// The odd columns go first: a pivot never pairs the rows of tables that differ in their columns.
named = (name, tables=<-) =>
    tables
        |> group()
        |> set(key: "figure", value: name)
        |> drop(columns: ["_start", "_stop", "_time"])

in_the_hour = (exchange, pair) =>
    (points(start: hour, stop: tick)
        |> filter(fn: (r) => r.exchange == exchange and r.pair == pair)
        |> count()
        |> findRecord(fn: (key) => true, idx: 0))._value

exceeding =
    union(
        tables: [
            points(start: tick, stop: after) |> last() |> named(name: "value"),
            points(start: hour, stop: tick) |> mean() |> named(name: "mean"),
        ],
    )
        |> pivot(
            rowKey: ["base", "exchange", "pair", "quote"],
            columnKey: ["figure"],
            valueColumn: "_value",
        )
        |> filter(fn: (r) => exists r.value and r.mean > 0.0 and r.value > params.factor * r.mean)
        |> filter(fn: (r) => in_the_hour(exchange: r.exchange, pair: r.pair) >= params.fewest)

// The rule that reads the statuses goes by their time: it must be the time at which they are written.
option monitor.write = (tables=<-) =>
    tables
        |> experimental.set(o: {_time: system.time()})
        |> experimental.to(bucket: "_monitoring")

exceeding
    |> map(
        fn: (r) =>
            ({r with _time: tick, _measurement: "quote", price: r.value, ratio: r.value / r.mean}),
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
    |> monitor.check(
        data: {
            _check_id: params.id,
            _check_name: params.rule,
            _type: "custom",
            tags: {metric: params.metric},
        },
        crit: (r) => true,
        messageFn: (r) => "Alert ${string(v: r.price)} ${r.pair}",
    )
