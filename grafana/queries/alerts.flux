// alerts: the 100 newest alerts of the chosen exchanges, a row an alert.
//
// Runs    at each refresh
// Reads   alerts/alert of the range
// Cost    a row an alert of the range and field; the pivot sees those
from(bucket: "alerts")
    |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
    |> filter(fn: (r) => r._measurement == "alert" and r.exchange =~ /^${exchange:regex}$/)
    |> filter(fn: (r) => r._field == "price" or r._field == "value" or r._field == "mean" or r._field == "ratio")
    |> group()
    |> pivot(rowKey: ["_time", "exchange", "pair", "metric", "rule"], columnKey: ["_field"], valueColumn: "_value")
    |> sort(columns: ["_time"], desc: true)
    |> limit(n: 100)
    |> keep(columns: ["_time", "exchange", "pair", "metric", "rule", "price", "value", "mean", "ratio"])
