// coverage: how many quotes of $pair the sliding 24 h hold at each step, a line an exchange.
//
// Runs    at each refresh
// Reads   board/board (price_count) of the range
// Cost    one pushed-down window aggregate of one pair
from(bucket: "board")
    |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
    |> filter(fn: (r) => r._measurement == "board" and r._field == "price_count")
    |> filter(fn: (r) => r.pair == "${pair}" and r.exchange =~ /^${exchange:regex}$/)
    |> aggregateWindow(every: v.windowPeriod, fn: last, createEmpty: false)
    |> group(columns: ["exchange"])
    |> keep(columns: ["_time", "_value", "exchange"])
