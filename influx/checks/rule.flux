// rule: raises a crit status for each series whose value at a tick is above or below what its reference allows.
//
// Rules that read the same of their metrics are one run, whatever each allows.
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

// A filter that is always true would cost as much as one that is not.
pairs = regexp.compile(v: params.pairs)
exchanges = regexp.compile(v: params.exchanges)
points = (start, stop) => {
    all =
        from(bucket: "quotes")
            |> range(start: start, stop: stop)
            |> filter(fn: (r) => r._measurement == params.measurement)
    of_pairs = if params.pairs == "" then all else all |> filter(fn: (r) => r.pair =~ pairs)

    return
        if params.exchanges == "" then
            of_pairs
        else
            of_pairs |> filter(fn: (r) => r.exchange =~ exchanges)
}

// What is judged: one metric or two.
one = params.fields[0]
other = params.fields[1]
values = (start, stop) =>
    points(start: start, stop: stop) |> filter(fn: (r) => r._field == one or r._field == other)

// Asked anew by each aggregate: of one stream that two of them share none would be pushed down.
before = () => values(start: from_time, stop: since)

// A row for each figure of a series; _field and _time say which figure it is.
timed = (time, tables=<-) => tables |> group() |> experimental.set(o: {_time: time})
value_time = after
reference_time = since
sum_time = from_time
held_time = tick

// What is read as it stands keeps its bounds in the group key.
as_it_stands = (tables=<-) => tables |> group() |> drop(columns: ["_start", "_stop"])

reference = (column="_value", tables=<-) =>
    if params.reference == "mean" then
        tables |> mean(column: column)
    else if params.reference == "min" then
        tables |> min(column: column)
    else
        tables |> max(column: column)

// Where nothing must have held, one read gives both: the tick lies alone in the window behind that of the reference.
at_once = since == tick
at_tick = values(start: tick, stop: after) |> as_it_stands()
value_and_reference =
    if params.reference == "level" then
        [
            at_tick |> timed(time: value_time),
            at_tick |> timed(time: reference_time) |> experimental.set(o: {_value: params.level}),
        ]
    else if at_once then
        [
            values(start: from_time, stop: after)
                |> aggregateWindow(
                    every: params.window,
                    offset: duration(v: int(v: tick) % int(v: params.window)),
                    fn: reference,
                    createEmpty: false,
                )
                |> group(),
        ]
    else
        [at_tick |> timed(time: value_time), before() |> reference() |> timed(time: reference_time)]

// The worst of the values that must have held.
holding = values(start: since, stop: after)
worst = if params.rises then holding |> min() else holding |> max()

price_is_judged = params.price == one or params.price == other
own_turnover = params.turnover != params.price

// A price that is judged is not asked once more: at the tick it would bear the name of another figure.
asked = if price_is_judged then params.turnover else params.price
also = (wanted, table, tables=<-) =>
    if wanted then array.concat(arr: tables, v: [table]) else tables

// Of one table there is no union.
joined = (tables) => if length(arr: tables) == 1 then tables[0] else union(tables: tables)

// The sum over the mean is the count; a count of its own would be of another type.
figures =
    value_and_reference
        |> also(
            wanted: params.reference == "mean",
            table:
                before()
                    |> group(columns: ["_field", "exchange", "pair"])
                    |> sum()
                    |> timed(time: sum_time),
        )
        |> also(wanted: not at_once, table: worst |> timed(time: held_time))
        |> also(
            wanted: not price_is_judged or own_turnover,
            table:
                points(start: tick, stop: after)
                    |> filter(fn: (r) => r._field == asked or r._field == params.turnover)
                    |> as_it_stands(),
        )
table_of_series =
    joined(tables: figures)
        |> pivot(
            rowKey: ["exchange", "pair"],
            columnKey: ["_field", "_time"],
            valueColumn: "_value",
        )

price_column = "${params.price}_${string(v: if price_is_judged then value_time else tick)}"
turnover_column = "${params.turnover}_${string(v: tick)}"
figure = (field, column) =>
    if column == "${field}_${string(v: value_time)}" then
        "value"
    else if column == "${field}_${string(v: reference_time)}" then
        "mean"
    else if column == "${field}_${string(v: sum_time)}" then
        "sum"
    else if column == "${field}_${string(v: held_time)}" then
        "held"
    else if column == price_column then
        "price"
    else if column == turnover_column then
        "turnover"
    else
        column

side = if params.rises then 1.0 else -1.0

// An equal value must not exceed by the rounding of a mean.
equal = if params.rises then 1.000000000001 else 0.999999999999

// A status is stamped with now(): it must be the time at which it is written, for the rule that reads it goes by that.
option now = system.time
option monitor.write = (tables=<-) => tables

// A reference of 0 says nothing. A call with a row would copy it, so the conditions call nothing. With a table an
// exchange, influxd makes the statuses of one while it makes those of the next.
raised = (check) => {
    is_price = check.field == params.price
    bound = side * check.factor * equal
    fewest = float(v: check.fewest) - 0.5
    floor = check.floor
    rows =
        table_of_series
            |> rename(fn: (column) => figure(field: check.field, column: column))
            |> filter(fn: (r) => side * r.value > bound * r.mean and r.mean > 0.0)
            |> filter(fn: (r) => at_once or side * r.held > bound * r.mean)
            |> filter(fn: (r) => check.fewest == 0 or r.sum > fewest * r.mean)
            |> filter(fn: (r) => is_price or exists r.price)
            |> filter(
                fn: (r) =>
                    floor == 0.0 or (if own_turnover then r.turnover else r.value * r.price)
                        >=
                        floor,
            )
            |> group(columns: ["exchange"])

    return
        (if is_price then rows |> duplicate(column: "value", as: "price") else rows)
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
            |> group()
            |> experimental.set(o: {metric: check.metric})
}

statuses = joined(tables: array.map(arr: params.checks, fn: (x) => raised(check: x)))
written =
    if params.writes then
        statuses
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
                        late: params.late,
                        price: r.price,
                        value: r.value,
                        mean: r.mean,
                    }),
            )
    else
        statuses

written |> yield(name: "statuses")

// influxd gives a run a worker for each result: with a second one, of nothing, its steps go side by side.
array.from(rows: [{_value: 0}])
    |> filter(fn: (r) => false)
    |> yield(name: "beside")
