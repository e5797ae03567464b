// newest: how many series have a point of the last two minutes, in quotes and on the board.
//
// Runs    at the server's start, each second until there are quotes
// Reads   quotes/quote and board/board, the last two minutes
// Cost    two pushed-down counts
import "array"

rows = (bucket, measurement) =>
    from(bucket: bucket)
        |> range(start: -2m, stop: 1m)
        |> filter(fn: (r) => r._measurement == measurement and r._field == "price")
        |> last()
        |> group()
        |> count()
        |> findColumn(fn: (key) => true, column: "_value")

number = (counts) => if length(arr: counts) == 0 then 0 else counts[0]

array.from(
    rows: [
        {
            quotes: number(counts: rows(bucket: "quotes", measurement: "quote")),
            board: number(counts: rows(bucket: "board", measurement: "board")),
        },
    ],
)
