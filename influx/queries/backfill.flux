// backfill: how far each exchange's first candles have come.
//
// Runs    by the API's reader, every few seconds
// Reads   events/backfill since params.from
// Gives   a row an exchange: exchange, _time, done, total, and what else the collector says of it
// Cost    one last() a field of each exchange
from(bucket: "events")
    |> range(start: params.from)
    |> filter(fn: (r) => r._measurement == "backfill")
    |> last()
    |> pivot(rowKey: ["exchange", "_time"], columnKey: ["_field"], valueColumn: "_value")
    |> group()
