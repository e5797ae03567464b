// board_run: the minute of the newest run of the board's task that has ended well: that board is whole.
//
// Runs    by the API's reader, once a second while a new board is due
// Reads   _tasks/runs since params.from
// Gives   one row: minute (RFC 3339); none when no run has ended well since then
// Cost    a few rows a minute; 6 ms
from(bucket: "_tasks")
    |> range(start: params.from)
    |> filter(fn: (r) => r._measurement == "runs" and r.status == "success")
    |> filter(fn: (r) => r._field == "name" or r._field == "scheduledFor")
    |> pivot(rowKey: ["_time", "taskID"], columnKey: ["_field"], valueColumn: "_value")
    |> filter(fn: (r) => r.name == "board")
    |> group()
    |> sort(columns: ["scheduledFor"], desc: true)
    |> limit(n: 1)
    |> rename(columns: {scheduledFor: "minute"})
    |> keep(columns: ["minute"])
