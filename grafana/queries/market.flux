// market: a row a pair and exchange: newest price and volumes, change and volatility over 24 h.
//
// Runs    at each refresh
// Reads   board/board of the last 3 minutes before the range's end; series off the board have no price and are left out
// Cost    one pushed-down last; pivot and map see a row a series
import "date"

from(bucket: "board")
    |> range(start: date.sub(d: 3m, from: v.timeRangeStop), stop: v.timeRangeStop)
    |> filter(fn: (r) => r._measurement == "board" and r.exchange =~ /^${exchange:regex}$/)
    |> filter(
        fn: (r) =>
            r._field == "price" or r._field == "volume" or r._field == "quote_volume" or r._field == "price_first"
                or
                r._field == "price_mean" or r._field == "price_stddev",
    )
    |> last()
    |> group()
    |> pivot(rowKey: ["pair", "exchange"], columnKey: ["_field"], valueColumn: "_value")
    |> filter(fn: (r) => exists r.price and exists r.price_first and exists r.price_mean)
    |> map(
        fn: (r) =>
            ({
                pair: r.pair,
                exchange: r.exchange,
                price: r.price,
                change_24h: r.price / r.price_first - 1.0,
                volume: r.volume,
                quote_volume: r.quote_volume,
                volatility: r.price_stddev / r.price_mean,
            }),
    )
