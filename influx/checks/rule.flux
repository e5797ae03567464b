// rule: raises a crit status for each series whose value at a tick is above or below what its reference allows.
//
// Runs    once a tick, for the tick at now(); any other tick is judged when now() is set to it
// Reads   quotes at the tick, and over params.window before it for the reference: mean, min or max, or a fixed level.
//         With params.held the value must have held since tick - held; the window ends there
// Writes  _monitoring/statuses, one a series; ops/judged at the tick, once the statuses are written
// Mends   nothing by itself: a tick that was missed or got late points is judged when it is handed in
// Cost    two pushed-down aggregates, a read of the tick where price or turnover stand beside the value, a pivot;
//         0.1 ms a status; bench/alerts
import "array"
import "date"
import "experimental"
import "influxdata/influxdb/monitor"
import "regexp"
import "strings"
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
values = (start, stop) =>
    points(start: start, stop: stop) |> filter(fn: (r) => r._field == params.field)

// Asked anew by each aggregate: of one stream that two of them share none would be pushed down.
before = () => values(start: from_time, stop: since)

// A row for each figure of a series; _field and _time say which figure it is.
series = ["base", "exchange", "pair", "quote"]
named = (name, tables=<-) => tables |> group() |> experimental.set(o: {_field: name, _time: since})

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
held = since != tick
at_tick = values(start: tick, stop: after) |> as_it_stands()
value_and_reference =
    if params.reference == "level" then
        [
            at_tick |> named(name: "value"),
            at_tick |> named(name: "reference") |> experimental.set(o: {_value: params.level}),
        ]
    else if held then
        [at_tick |> named(name: "value"), before() |> reference() |> named(name: "reference")]
    else
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

// The worst of the values that must have held.
holding = values(start: since, stop: after)
worst = if params.above > 0.0 then holding |> min() else holding |> max()

priced = params.field != params.price
own_turnover = params.turnover != params.price

// A price that is the value is not asked once more: at the tick it would bear the reference's name.
asked = if priced then params.price else params.turnover
also = (wanted, table, tables=<-) =>
    if wanted then array.concat(arr: tables, v: [table]) else tables

// The sum over the mean is the count; a count of its own would be of another type.
judged_by =
    value_and_reference
        |> also(
            wanted: params.fewest > 0,
            table: before() |> group(columns: series) |> sum() |> named(name: "sum"),
        )
        |> also(wanted: held, table: worst |> named(name: "held"))
        |> also(
            wanted: priced or own_turnover,
            table:
                points(start: tick, stop: after)
                    |> filter(fn: (r) => r._field == asked or r._field == params.turnover)
                    |> as_it_stands(),
        )

figure = (column) =>
    if column == "${params.field}_${string(v: after)}" then
        "value"
    else if column == "${params.field}_${string(v: since)}" then
        "reference"
    else if column == "${params.price}_${string(v: tick)}" then
        "price"
    else if column == "${params.turnover}_${string(v: tick)}" then
        "turnover"
    else
        strings.trimSuffix(v: column, suffix: "_${string(v: since)}")

// A reference of 0 says nothing. An equal value must not exceed by the rounding of a mean.
side = if params.above > 0.0 then 1.0 else -1.0
bound =
    if params.above > 0.0 then params.above * 1.000000000001 else (-params.below) * 0.999999999999
turns_over_enough = (r) =>
    if own_turnover then
        exists r.turnover and r.turnover >= params.floor
    else
        r.value * r.price >= params.floor
raised =
    (if length(arr: judged_by) == 1 then judged_by[0] else union(tables: judged_by))
        |> pivot(rowKey: series, columnKey: ["_field", "_time"], valueColumn: "_value")
        |> rename(fn: figure)
        |> filter(
            fn: (r) =>
                exists r.value and r.reference > 0.0 and side * r.value > bound * r.reference
                    and
                    (not held or side * r.held > bound * r.reference) and (params.fewest == 0
                        or
                        r.sum / r.reference > float(v: params.fewest) - 0.5) and (not priced
                        or
                        exists r.price) and (params.floor == 0.0 or turns_over_enough(r: r)),
        )
        |> keep(
            columns: [
                "exchange",
                "pair",
                "value",
                "price",
                "reference",
            ],
        )
        |> rename(columns: {reference: "mean"})

// A status is stamped with now(): it must be the time at which it is written, for the rule that reads it goes by that.
option now = system.time

option monitor.write = (tables=<-) => {
    rows = if priced then tables else tables |> duplicate(column: "value", as: "price")

    return
        if params.writes then
            rows
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
            rows
}

statuses =
    raised
        |> experimental.set(o: {_time: tick, _measurement: params.measurement})
        |> monitor.check(
            data: {
                _check_id: params.id,
                _check_name: params.rule,
                _type: "custom",
                tags: {metric: params.metric},
            },
            crit: (r) => true,
            messageFn: (r) => "${r.pair} on ${r.exchange}: ${params.metric} ${r.value}",
        )

statuses |> yield(name: "statuses")

// Behind the statuses, so that a tick is never taken for judged before they are written.
count_of_raised =
    statuses
        |> group()
        |> keep(columns: ["_source_timestamp"])
        |> rename(columns: {_source_timestamp: "_value"})
        |> count()
judged =
    union(tables: [array.from(rows: [{_value: 0}]), count_of_raised])
        |> sum()
        |> experimental.set(
            o: {_time: tick, _measurement: "judged", _field: "raised", check: params.check},
        )
noted = if params.writes then judged |> to(bucket: "ops", tagColumns: ["check"]) else judged

noted |> filter(fn: (r) => false) |> yield(name: "judged")
