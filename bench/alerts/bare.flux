// bare: the two aggregates that judging a tick can't do without, and nothing else.
//
// Runs    with bench/alerts, beside checks/rule
// Reads   quotes/quote: params.field at the tick, and over the hour before it
// Cost    two pushed-down aggregates
import "date"

tick = date.truncate(t: now(), unit: params.interval)
after = date.add(d: 1ns, to: tick)
hour = date.sub(d: 1h, from: tick)

points = (start, stop) =>
    from(bucket: "quotes")
        |> range(start: start, stop: stop)
        |> filter(fn: (r) => r._measurement == "quote" and r._field == params.field)

points(start: tick, stop: after) |> last() |> yield(name: "value")
points(start: hour, stop: tick) |> mean() |> yield(name: "mean")
