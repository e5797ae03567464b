// price: the last price of each step of $pair, a line an exchange.
//
// Runs    at each refresh
// Reads   quotes/quote (price) of the range
// Cost    one pushed-down window aggregate of one pair
from(bucket: "quotes")
    |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
    |> filter(fn: (r) => r._measurement == "quote" and r._field == "price")
    |> filter(fn: (r) => r.pair == "${pair}" and r.exchange =~ /^${exchange:regex}$/)
    |> aggregateWindow(every: v.windowPeriod, fn: last, createEmpty: false)
    |> group(columns: ["exchange"])
    |> keep(columns: ["_time", "_value", "exchange"])
