// alerts: the alerts of a stretch of time, the newest first.
//
// Runs    with GET /alerts
// Reads   alerts/alert, [params.from, params.to), of params.pair and params.metric, all where these are empty
// Gives   a row an alert: _time, exchange, pair, metric, rule, price, value, mean, ratio, late; at most params.most
// Cost    grows with the alerts of the stretch, not with the quotes
from(bucket: "alerts")
    |> range(start: params.from, stop: params.to)
    |> filter(fn: (r) => r._measurement == "alert")
    |> filter(fn: (r) => params.pair == "" or r.pair == params.pair)
    |> filter(fn: (r) => params.metric == "" or r.metric == params.metric)
    |> drop(columns: ["_start", "_stop", "_measurement"])
    |> pivot(
        rowKey: [
            "_time",
            "exchange",
            "pair",
            "metric",
            "rule",
        ],
        columnKey: ["_field"],
        valueColumn: "_value",
    )
    |> group()
    |> sort(
        columns: [
            "_time",
            "exchange",
            "pair",
            "metric",
            "rule",
        ],
        desc: true,
    )
    |> limit(n: params.most)
