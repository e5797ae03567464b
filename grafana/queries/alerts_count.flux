// alerts_count: how many alerts of the chosen exchanges lie within the range.
//
// Runs    at each refresh
// Reads   alerts/alert (ratio: every alert has it) of the range
// Cost    one pushed-down count
from(bucket: "alerts")
    |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
    |> filter(fn: (r) => r._measurement == "alert" and r._field == "ratio" and r.exchange =~ /^${exchange:regex}$/)
    |> count()
    |> group()
    |> sum()
