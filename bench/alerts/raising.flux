// raising: the two bare aggregates, and 500 statuses by monitor.check of what they read, with nothing judged.
//
// Runs    with bench/alerts, beside bare: what 500 statuses add to it
// Reads   quotes: what is judged, at the tick and over the hour before it
// Writes  _monitoring/statuses, one field each
// Cost    two pushed-down aggregates, 500 statuses
import "date"
import "experimental"
import "influxdata/influxdb/monitor"
import "system"

tick = date.sub(d: params.back, from: date.truncate(t: now(), unit: params.interval))
after = date.add(d: 1ns, to: tick)
hour = date.sub(d: 1h, from: tick)

one = params.fields[0]
other = params.fields[1]
points = (start, stop) =>
    from(bucket: "quotes")
        |> range(start: start, stop: stop)
        |> filter(
            fn: (r) =>
                r._measurement == params.measurement and (r._field == one or r._field == other),
        )

option now = system.time
option monitor.write = (tables=<-) =>
    tables
        |> to(
            bucket: "_monitoring",
            tagColumns: [
                "_check_id",
                "_check_name",
                "_level",
                "exchange",
                "pair",
            ],
            fieldFn: (r) => ({value: r._value}),
        )

points(start: hour, stop: tick) |> mean() |> yield(name: "mean")
points(start: tick, stop: after)
    |> last()
    |> group()
    |> keep(columns: ["_value", "exchange", "pair"])
    |> limit(n: 500)
    |> experimental.set(o: {_time: tick, _measurement: params.measurement})
    |> monitor.check(
        data: {_check_id: "bench", _check_name: "bench", _type: "custom", tags: {}},
        crit: (r) => true,
        messageFn: (r) => r.pair,
    )
    |> yield(name: "statuses")
