// exchange_states: the state of each chosen exchange that was written last.
//
// Runs    at each refresh
// Reads   events/exchange_state of the range
// Cost    one pushed-down last of three fields an exchange
from(bucket: "events")
    |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
    |> filter(fn: (r) => r._measurement == "exchange_state" and r.exchange =~ /^${exchange:regex}$/)
    |> filter(fn: (r) => r._field == "state" or r._field == "reason" or r._field == "until")
    |> last()
    |> group()
    |> pivot(rowKey: ["_time", "exchange"], columnKey: ["_field"], valueColumn: "_value")
