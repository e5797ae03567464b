// counts_of_exchange: how many prices each series of one exchange has within a span.
//
// Runs    at the start of a round of filling holes
// Reads   quotes/quote (price), [params.from, params.to)
// Gives   a row a pair: pair, _value; no row for a pair without a point
// Cost    one pushed-down count; 0.1 s for 1,000 series and 24 h
from(bucket: "quotes")
    |> range(start: params.from, stop: params.to)
    |> filter(
        fn: (r) =>
            r._measurement == "quote" and r.exchange == params.exchange and r._field == "price",
    )
    |> count()
    |> group()
    |> keep(columns: ["pair", "_value"])
