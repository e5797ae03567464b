// judged: which ticks the checks have judged.
//
// Runs    several times a minute, for ticks whose run was missed
// Reads   ops/judged from params.from to params.to
// Cost    a row a check and tick
from(bucket: "ops")
    |> range(start: params.from, stop: params.to)
    |> filter(fn: (r) => r._measurement == "judged" and r._field == "raised")
    |> group()
    |> keep(columns: ["_time", "check"])
