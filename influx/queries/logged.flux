// logged: which alerts stand in the alerts bucket.
//
// Runs    when the API starts in a new home, so that nothing is logged again
// Reads   alerts/alert from params.from on
// Cost    a row an alert
from(bucket: "alerts")
    |> range(start: params.from)
    |> filter(fn: (r) => r._measurement == "alert" and r._field == "price")
    |> group()
    |> keep(
        columns: [
            "_time",
            "exchange",
            "metric",
            "pair",
            "rule",
        ],
    )
