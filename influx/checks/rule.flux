// rule: raises a crit status for each series whose value at a tick is above or below what its reference allows.
//
// Rules that read the same of their metrics are one run, whatever each allows. A run's text has only those parts of
// this file that it needs, for influxd makes its program anew each time: influx/check.py tells the cases, and the part
// behind "where" and a case is left out in all others.
//
// Runs    once a tick, for the tick at now(); any other tick is judged when now() is set to it
// Reads   quotes at the tick, and over params.window before it for the reference: mean, min or max, or a fixed level.
//         With params.held the value must have held since tick - held; the window ends there
// Writes  _monitoring/statuses, one a series; a run that ended well has judged its tick
// Mends   nothing by itself: a tick that was missed or got late points is judged when it is handed in
// Cost    two pushed-down aggregates, a read of the tick where price or turnover stand beside the value, a pivot;
//         0.1 ms a status; bench/alerts
import "array"
import "date"
import "experimental"
import "influxdata/influxdb/monitor"
import "regexp"
import "system"

tick = date.sub(d: params.back, from: date.truncate(t: now(), unit: params.interval))
after = date.add(d: 1ns, to: tick)
since = date.sub(d: params.held, from: tick)
from_time = date.sub(d: params.window, from: since)

// where chosen
pairs = regexp.compile(v: params.pairs)

// where chosen
exchanges = regexp.compile(v: params.exchanges)
points = (start, stop, one, other) =>
    from(bucket: "quotes")
        |> range(start: start, stop: stop)
        |> filter(
            fn: (r) =>
                r._measurement == params.measurement and (r._field == one or r._field == other),
        )
        // where chosen
        |> filter(fn: (r) => r.pair =~ pairs and r.exchange =~ exchanges)

// What is judged, asked anew by each aggregate: of one stream that two of them share none would be pushed down.
values = (start, stop) =>
    points(start: start, stop: stop, one: params.fields[0], other: params.fields[1])

// What is read as it stands keeps its bounds in the group key.
merged = (tables=<-) => tables |> group() |> drop(columns: ["_start", "_stop"])

// A row for each figure of a series; _field and _time say which figure it is.
timed = (time, tables=<-) => tables |> merged() |> experimental.set(o: {_time: time})
value_time = after
reference_time = since
sum_time = from_time
held_time = tick

// Where nothing must have held, one read gives both: the tick lies alone in the window behind that of the reference.
// The sum over the mean is the count; a count of its own would be of another type.
figures = [
    // where window
    values(start: from_time, stop: if since == tick then after else since)
        |> aggregateWindow(
            every: params.window,
            offset: duration(v: int(v: since) % int(v: params.window)),
            fn:
                if params.reference == "mean" then
                    mean
                else if params.reference == "min" then
                    min
                else
                    max,
            createEmpty: false,
        )
        |> group(),
    // where counted
    values(start: from_time, stop: since)
        |> group(columns: ["_field", "exchange", "pair"])
        |> sum()
        |> timed(time: sum_time),
    // where level
    values(start: tick, stop: after)
        |> timed(time: reference_time)
        |> experimental.set(o: {_value: params.level}),
    // where apart
    values(start: tick, stop: after)
        |> timed(time: value_time),
    // where held
    values(start: since, stop: after)
        |> (if params.rises then min else max)()
        |> timed(time: held_time),
    // where beside
    points(start: tick, stop: after, one: params.beside[0], other: params.beside[1])
        |> merged(),
]

// Of one table there is no union.
joined = (tables) => if length(arr: tables) == 1 then tables[0] else union(tables: tables)
table_of_series =
    joined(tables: figures)
        |> pivot(
            rowKey: ["exchange", "pair"],
            columnKey: ["_field", "_time"],
            valueColumn: "_value",
        )

// A price that is judged is not read beside the value: it would bear the name of another figure.
price_time =
    if params.price == params.fields[0] or params.price == params.fields[1] then
        value_time
    else
        tick
figure = (field, column) =>
    if column == "${field}_${string(v: value_time)}" then
        "value"
    else if column == "${field}_${string(v: reference_time)}" then
        "mean"
    else if column == "${field}_${string(v: sum_time)}" then
        "sum"
    else if column == "${field}_${string(v: held_time)}" then
        "held"
    else if column == "${params.price}_${string(v: price_time)}" then
        "price"
    else if column == "${params.turnover}_${string(v: tick)}" then
        "turnover"
    else
        column

// where judged
with_price = (field, tables=<-) =>
    if field == params.price then tables |> duplicate(column: "value", as: "price") else tables

side = if params.rises then 1.0 else -1.0

// A status is stamped with now(): it must be the time at which it is written, for the rule that reads it goes by that.
option now = system.time
option monitor.write = (tables=<-) => tables

// A reference of 0 says nothing, and an equal value must not exceed by the rounding of a mean. A call with a row would
// copy it, so the conditions call nothing. Without a price the turnover is null, which no floor lets pass, not even 0.
// With a table an exchange, influxd makes the statuses of one while it writes those of another.
raised = (check) => {
    bound = check.factor * (side + 0.000000000001)
    fewest = float(v: check.fewest) - 0.5

    return
        table_of_series
            |> rename(fn: (column) => figure(field: check.field, column: column))
            |> filter(fn: (r) => side * r.value > bound * r.mean and r.mean > 0.0)
            // where held
            |> filter(fn: (r) => side * r.held > bound * r.mean)
            // where counted
            |> filter(fn: (r) => r.sum > fewest * r.mean)
            // where priced
            |> filter(fn: (r) => check.field == params.price or exists r.price)
            // where floor
            |> filter(fn: (r) => r.value * r.price >= check.floor)
            // where turnover
            |> filter(fn: (r) => r.turnover >= check.floor)
            |> group(columns: ["exchange"])
            |> keep(
                columns: [
                    "exchange",
                    "mean",
                    "pair",
                    "price",
                    "value",
                ],
            )
            |> experimental.set(o: {_time: tick, _measurement: params.measurement})
            |> monitor.check(
                data: {_check_id: check.id, _check_name: check.rule, _type: "custom", tags: {}},
                crit: (r) => true,
                messageFn: (r) => "${r.pair} on ${r.exchange}: ${check.metric} ${r.value}",
            )
            |> experimental.set(o: {metric: check.metric})
            // where judged
            |> with_price(field: check.field)
}

joined(tables: array.map(arr: params.checks, fn: (x) => raised(check: x)))
    // where written
    |> to(
        bucket: "_monitoring",
        tagColumns: [
            "_check_id",
            "_check_name",
            "_level",
            "_source_measurement",
            "_type",
            "exchange",
            "metric",
            "pair",
        ],
        fieldFn: (r) =>
            ({
                _message: r._message,
                _source_timestamp: r._source_timestamp,
                // where late
                late: true,
                price: r.price,
                value: r.value,
                mean: r.mean,
            }),
    )
    |> yield(name: "statuses")

// influxd gives a run a worker for each result: with a second one, of nothing, its steps go side by side.
array.from(rows: [{_value: 0}])
    |> filter(fn: (r) => false)
    |> yield(name: "beside")
