// board_exchanges: how many of the chosen exchanges have a price on the board.
//
// Runs    at each refresh
// Reads   board/board (price) of the last 3 minutes before the range's end
// Cost    one pushed-down last
import "date"

from(bucket: "board")
    |> range(start: date.sub(d: 3m, from: v.timeRangeStop), stop: v.timeRangeStop)
    |> filter(fn: (r) => r._measurement == "board" and r._field == "price" and r.exchange =~ /^${exchange:regex}$/)
    |> last()
    |> group()
    |> distinct(column: "exchange")
    |> count()
