// delisted: the pairs that left their exchange within a stretch of time.
//
// Runs    by the API's watch, twice a minute
// Reads   events/pair_event (delisted) from params.from on
// Cost    a row an event
from(bucket: "events")
    |> range(start: params.from)
    |> filter(fn: (r) => r._measurement == "pair_event" and r.kind == "delisted")
    |> group()
    |> keep(columns: ["_time", "exchange", "pair"])
