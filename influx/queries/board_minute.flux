// board_minute: the newest minute that the board has rows of.
//
// Runs    by the API's reader, once a second while a new board is due
// Reads   board/board (price_count), the last params.back
// Gives   one row: _value, the minute; none when there is no board
// Cost    one pushed-down aggregate
from(bucket: "board")
    |> range(start: params.from)
    |> filter(fn: (r) => r._measurement == "board" and r._field == "price_count")
    |> last()
    |> keep(columns: ["_time"])
    |> group()
    |> max(column: "_time")
