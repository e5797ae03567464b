// trail: how far an exchange's alert of one tick has come: raised, sent, stored.
//
// Runs    with python -m influx test-alert, twice a second
// Reads   _monitoring (statuses, notifications) and alerts from params.from on, of params.exchange
// Cost    three counts of a few rows
tick = time(v: params.time_ns)

monitored = (measurement) =>
    from(bucket: "_monitoring")
        |> range(start: params.from)
        |> filter(fn: (r) => r._measurement == measurement and r.exchange == params.exchange)

counted = (link, tables=<-) =>
    tables
        |> group()
        |> count()
        |> rename(columns: {_value: "count"})
        |> keep(columns: ["count"])
        |> set(key: "link", value: link)

monitored(measurement: "statuses")
    |> filter(fn: (r) => r._field == "_source_timestamp" and r._value == params.time_ns)
    |> counted(link: "raised")
    |> yield(name: "raised")
monitored(measurement: "notifications")
    |> filter(
        fn: (r) =>
            r._sent == "true" and r._field == "_source_timestamp" and r._value == params.time_ns,
    )
    |> counted(link: "sent")
    |> yield(name: "sent")
from(bucket: "alerts")
    |> range(start: params.from)
    |> filter(fn: (r) => r._measurement == "alert" and r.exchange == params.exchange)
    |> filter(fn: (r) => r._field == "price" and r._time == tick)
    |> counted(link: "stored")
    |> yield(name: "stored")
