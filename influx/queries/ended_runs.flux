// ended_runs: which runs of the database's tasks have ended well.
//
// Runs    by the API: once a second while a new board is due; several times a minute, for ticks whose run was missed
// Reads   _tasks/runs since params.from; InfluxDB keeps them for 3 days, and an older tick is judged once more
// Gives   a row a run: name of the task, scheduledFor (RFC 3339)
// Cost    two rows a run
from(bucket: "_tasks")
    |> range(start: params.from)
    |> filter(fn: (r) => r._measurement == "runs" and r.status == "success")
    |> filter(fn: (r) => r._field == "name" or r._field == "scheduledFor")
    |> group()
    |> pivot(rowKey: ["_time", "taskID"], columnKey: ["_field"], valueColumn: "_value")
    |> filter(fn: (r) => exists r.name and exists r.scheduledFor)
    |> keep(columns: ["name", "scheduledFor"])
