// minutes_of_pair: every price of one series within a span, polled and healed.
//
// Runs    before a pair's holes are filled
// Reads   quotes/quote (price), [params.from, params.to)
// Gives   rows of _time and _value, oldest first
// Cost    20 ms for 1,440 rows
from(bucket: "quotes")
    |> range(start: params.from, stop: params.to)
    |> filter(
        fn: (r) =>
            r._measurement == "quote" and r.exchange == params.exchange and r.pair == params.pair
                and
                r._field == "price",
    )
    |> keep(columns: ["_time", "_value"])
