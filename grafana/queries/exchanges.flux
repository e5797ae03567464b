// exchanges: the values of the variable $exchange.
//
// Runs    when the dashboard opens and when its range changes
// Reads   board/board (price) of the last 3 minutes before the range's end
// Cost    one read of the index and of one field
import "date"

from(bucket: "board")
    |> range(start: date.sub(d: 3m, from: v.timeRangeStop), stop: v.timeRangeStop)
    |> filter(fn: (r) => r._measurement == "board" and r._field == "price")
    |> last()
    |> group()
    |> distinct(column: "exchange")
    |> sort()
