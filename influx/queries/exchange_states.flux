// exchange_states: the newest state of each exchange.
//
// Runs    by the API's reader, every few seconds
// Reads   events/exchange_state, the last params.back
// Gives   a row an exchange: exchange, _time, state, reason, until; while a new one is being written its fields come
//         one by one, and the row is the one that has the newest state
// Cost    one last() a field of each exchange
from(bucket: "events")
    |> range(start: params.from)
    |> filter(fn: (r) => r._measurement == "exchange_state")
    |> last()
    |> pivot(rowKey: ["exchange", "_time"], columnKey: ["_field"], valueColumn: "_value")
    |> group()
    |> filter(fn: (r) => exists r.state)
