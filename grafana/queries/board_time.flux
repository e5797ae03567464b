// board_time: the minute of the board's newest row, in ms since 1970 as Grafana wants a time that is a number.
//
// Runs    at each refresh
// Reads   board/board (price) of the whole range
// Cost    one pushed-down last; the map sees one row
from(bucket: "board")
    |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
    |> filter(fn: (r) => r._measurement == "board" and r._field == "price" and r.exchange =~ /^${exchange:regex}$/)
    |> last()
    |> group()
    |> max(column: "_time")
    |> map(fn: (r) => ({_value: int(v: r._time) / 1000000}))
