// bare: the two aggregates that judging a tick can't do without, and nothing else.
//
// Runs    with bench/alerts, beside checks/rule
// Reads   quotes: what is judged, at the tick and over the hour before it
// Cost    two pushed-down aggregates
import "date"

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

points(start: tick, stop: after) |> last() |> yield(name: "value")
points(start: hour, stop: tick) |> mean() |> yield(name: "mean")
