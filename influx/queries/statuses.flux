// statuses: what the checks have raised since a moment, a row a status.
//
// Runs    when the API starts, and each minute: a notification can be lost
// Reads   _monitoring/statuses from params.from on
// Gives   those of our checks: others have no such fields
// Cost    a table a series and field; the pivot sees only what was raised
from(bucket: "_monitoring")
    |> range(start: params.from)
    |> filter(
        fn: (r) => r._measurement == "statuses" and r._level == "crit" and r._type == "custom",
    )
    |> filter(
        fn: (r) =>
            r._field == "_source_timestamp" or r._field == "price" or r._field == "value"
                or
                r._field == "mean" or r._field == "late",
    )
    |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")
    |> group()
    |> filter(
        fn: (r) =>
            exists r.pair and exists r.metric and exists r.price and exists r.value
                and
                exists r.mean and exists r._source_timestamp,
    )
    |> keep(
        columns: [
            "_check_name",
            "exchange",
            "pair",
            "metric",
            "_source_timestamp",
            "price",
            "value",
            "mean",
            "late",
        ],
    )
