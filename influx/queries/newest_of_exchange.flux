// newest_of_exchange: the newest figures of each series of one exchange.
//
// Runs    with each round of filling holes, and hourly for the watch list
// Reads   quotes/quote (price, volume, quote_volume), from params.from on
// Gives   a row a series and field: pair, base, quote, _field, _value
// Cost    one pushed-down last(); 0.3 s for 1,000 series
from(bucket: "quotes")
    |> range(start: params.from)
    |> filter(fn: (r) => r._measurement == "quote" and r.exchange == params.exchange)
    |> filter(fn: (r) => r._field == "price" or r._field == "volume" or r._field == "quote_volume")
    |> last()
    |> group()
    |> keep(
        columns: [
            "pair",
            "base",
            "quote",
            "_field",
            "_value",
        ],
    )
