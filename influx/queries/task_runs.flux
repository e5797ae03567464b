// task_runs: how the database's tasks ran within a stretch of time, a row an outcome: success, failed.
//
// Runs    by the API's watch, twice a minute
// Reads   _tasks/runs, [params.from, params.to)
// Cost    a row a run
from(bucket: "_tasks")
    |> range(start: params.from, stop: params.to)
    |> filter(fn: (r) => r._measurement == "runs" and r._field == "finishedAt")
    |> group(columns: ["status"])
    |> count()
    |> group()
    |> rename(columns: {_value: "count"})
    |> keep(columns: ["status", "count"])
