// quoted: when each series was last quoted within a stretch of time.
//
// Runs    by the API's watch: over the last day at its start, then over the last two minutes, twice a minute
// Reads   quotes/quote (price), [params.from, params.to)
// Cost    one pushed-down last(); 0.07 s a 1,000 series
from(bucket: "quotes")
    |> range(start: params.from, stop: params.to)
    |> filter(fn: (r) => r._measurement == "quote" and r._field == "price")
    |> last()
    |> group()
    |> keep(columns: ["_time", "exchange", "pair"])
