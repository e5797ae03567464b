// late_ranges: what the collector has written since a moment that came too late for the check of its tick.
//
// Runs    several times a minute
// Reads   events/late_range from params.from on
// Gives   a row a range; one that is being written may have only some of its fields yet, and waits for the next look
// Cost    a row a batch that was late
from(bucket: "events")
    |> range(start: params.from)
    |> filter(
        fn: (r) => r._measurement == "late_range" and (r._field == "start" or r._field == "stop"),
    )
    |> group()
    |> pivot(
        rowKey: ["_time", "exchange", "measurement"],
        columnKey: ["_field"],
        valueColumn: "_value",
    )
    |> filter(fn: (r) => exists r.start and exists r.stop)
    |> keep(
        columns: [
            "_time",
            "exchange",
            "measurement",
            "start",
            "stop",
        ],
    )
