// pairs_named: the ways in which a pair's name is split into base and quote, as far as quotes are kept.
//
// Runs    with python -m collector replay, for a pair named without a separator
// Reads   quotes/quote (price) of params.pair
// Gives   rows of base, quote; none for an unknown pair
// Cost    one pushed-down last() of one pair
from(bucket: "quotes")
    |> range(start: 0)
    |> filter(
        fn: (r) => r._measurement == "quote" and r.pair == params.pair and r._field == "price",
    )
    |> last()
    |> group()
    |> keep(columns: ["base", "quote"])
    |> unique(column: "base")
