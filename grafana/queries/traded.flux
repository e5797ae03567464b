// traded: what was traded of $pair in each step by the exchanges' own minute candles, a bar an exchange.
//
// Runs    at each refresh
// Reads   quotes/candle (volume) of the range
// Cost    one pushed-down window aggregate of one pair
from(bucket: "quotes")
    |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
    |> filter(fn: (r) => r._measurement == "candle" and r._field == "volume")
    |> filter(fn: (r) => r.pair == "${pair}" and r.exchange =~ /^${exchange:regex}$/)
    |> aggregateWindow(every: v.windowPeriod, fn: sum, createEmpty: false, timeSrc: "_start")
    |> group(columns: ["exchange"])
    |> keep(columns: ["_time", "_value", "exchange"])
