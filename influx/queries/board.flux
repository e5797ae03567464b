// board: all rows of one minute's board, a table a field.
//
// Runs    by the API's reader, once a board version
// Reads   board/board, the one minute params.minute
// Gives   rows of _field, base, exchange, pair, quote, _value
// Cost    0.3 s at 1,000 series, 3.1 s at 10,000; bench/board
from(bucket: "board")
    |> range(start: params.minute, stop: params.after)
    |> filter(fn: (r) => r._measurement == "board")
    |> group(columns: ["_field"])
    |> keep(
        columns: [
            "_field",
            "_value",
            "base",
            "exchange",
            "pair",
            "quote",
        ],
    )
