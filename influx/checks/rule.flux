// rule: raises a crit status for each series whose value at a tick is above or below what its reference allows.
//
// Runs    once a tick, for the tick at now(); any other tick is judged when now() is set to it
// Reads   quotes at the tick, and over params.window before it for the reference: mean, min or max, or a fixed level.
//         With params.held the value must have held since tick - held; the window ends there
// Writes  _monitoring/statuses, one a series; ops/judged at the tick, once the statuses are written
// Mends   nothing by itself: a tick that was missed or got late points is judged when it is handed in
// Cost    the tick's points as one table, one pushed-down aggregate, a pivot; for what exceeds a second look at just
//         those pairs, and 0.4 ms a status; bench/alerts
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

exchanges = regexp.compile(v: params.exchanges)
of_exchanges = (tables=<-) =>
    if params.exchanges == "" then tables else tables |> filter(fn: (r) => r.exchange =~ exchanges)

// `of` says which: a measurement, and a pattern of pairs, empty for all. A filter that is always true would cost as much
// as one that is not.
points = (start, stop, of) => {
    pattern = regexp.compile(v: of.pairs)
    all =
        from(bucket: "quotes")
            |> range(start: start, stop: stop)
            |> filter(fn: (r) => r._measurement == of.measurement)
            |> of_exchanges()

    return if of.pairs == "" then all else all |> filter(fn: (r) => r.pair =~ pattern)
}

// The odd columns go first: a pivot never pairs the rows of tables that differ in their columns.
bare = (tables=<-) =>
    tables |> group() |> drop(columns: ["_measurement", "_start", "_stop", "_time"])
named = (name, tables=<-) =>
    tables |> bare() |> drop(columns: ["_field"]) |> set(key: "figure", value: name)

values = (start, stop, of) =>
    points(start: start, stop: stop, of: of) |> filter(fn: (r) => r._field == params.field)
before = (of) => values(start: from_time, stop: since, of: of)
holding = (of) => values(start: since, stop: after, of: of)
reference = (of) =>
    if params.reference == "mean" then
        before(of: of) |> mean() |> named(name: "reference")
    else if params.reference == "min" then
        before(of: of) |> min() |> named(name: "reference")
    else if params.reference == "max" then
        before(of: of) |> max() |> named(name: "reference")
    else
        holding(of: of)
            |> last()
            |> named(name: "reference")
            |> experimental.set(o: {_value: params.level})

together = (tables) =>
    union(tables: tables)
        |> pivot(
            rowKey: ["base", "exchange", "pair", "quote"],
            columnKey: ["figure"],
            valueColumn: "_value",
        )

// A reference of 0 says nothing. An equal value must not exceed by the rounding of a mean.
exceeds = (value, reference) =>
    reference > 0.0 and (if params.above > 0.0 then
            value > params.above * reference * 1.000000000001
        else
            value < params.below * reference * 0.999999999999)

// First with as little as can be asked, and hardly ever more than that: the pairs of which more must be known.
everything = {measurement: params.measurement, pairs: params.pairs}
suspects =
    together(
        tables: [
            values(start: tick, stop: after, of: everything) |> named(name: "value"),
            reference(of: everything),
        ],
    )
        |> filter(
            fn: (r) =>
                exists r.value and exists r.reference and exceeds(
                        value: r.value,
                        reference: r.reference,
                    ),
        )
        |> distinct(column: "pair")
        |> map(fn: (r) => ({_value: regexp.quoteMeta(v: r._value)}))
        |> findColumn(fn: (key) => true, column: "_value")
suspected =
    if length(arr: suspects) == 0 then
        {measurement: "none", pairs: ""}
    else if length(arr: suspects) > 1000 then
        everything
    else
        {measurement: params.measurement, pairs: "^(?:${strings.joinStr(arr: suspects, v: "|")})$"}

// A field that is not asked for is named again: a comparison with an empty one would not be pushed down.
at_tick =
    points(start: tick, stop: after, of: suspected)
        |> filter(
            fn: (r) =>
                r._field == params.field or r._field == params.price or r._field == params.turnover,
        )
        |> bare()
        |> rename(columns: {_field: "figure"})
figure = (column) =>
    if column == params.field then
        "value"
    else if column == params.price then
        "price"
    else if column == params.turnover then
        "turnover"
    else
        column
also = (wanted, table, figures=<-) =>
    if wanted then array.concat(arr: figures, v: [table()]) else figures
priced = params.field != params.price
held = since != tick

// The sum over the mean is the count; a count of its own would be of another type.
exceeding =
    together(
        tables:
            [at_tick, reference(of: suspected)]
                |> also(
                    wanted: params.fewest > 0,
                    table: () => before(of: suspected) |> sum() |> named(name: "sum"),
                )
                |> also(
                    wanted: held and params.above > 0.0,
                    table: () => holding(of: suspected) |> min() |> named(name: "held"),
                )
                |> also(
                    wanted: held and params.above <= 0.0,
                    table: () => holding(of: suspected) |> max() |> named(name: "held"),
                ),
    )
        |> rename(fn: figure)
        |> filter(
            fn: (r) =>
                exists r.value and exists r.reference and exceeds(
                        value: r.value,
                        reference: r.reference,
                    ),
        )
        |> filter(fn: (r) => not held or exceeds(value: r.held, reference: r.reference))
        |> filter(
            fn: (r) => params.fewest == 0 or r.sum / r.reference > float(v: params.fewest) - 0.5,
        )
        |> filter(fn: (r) => not priced or exists r.price)
        |> filter(
            fn: (r) =>
                if params.floor == 0.0 then
                    true
                else if params.turnover == params.price then
                    r.value * r.price >= params.floor
                else
                    exists r.turnover and r.turnover >= params.floor,
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
    exceeding
        |> experimental.set(o: {_time: tick, _measurement: params.measurement})
        |> monitor.check(
            data: {
                _check_id: params.id,
                _check_name: params.rule,
                _type: "custom",
                tags: {metric: params.metric},
            },
            crit: (r) => true,
            messageFn: (r) => "${r.pair} on ${r.exchange}: ${params.metric} ${string(v: r.value)}",
        )

statuses |> yield(name: "statuses")

// Behind the statuses, so that a tick is never taken for judged before they are written.
raised =
    statuses
        |> group()
        |> keep(columns: ["_source_timestamp"])
        |> rename(columns: {_source_timestamp: "_value"})
        |> count()
judged =
    union(tables: [array.from(rows: [{_value: 0}]), raised])
        |> sum()
        |> experimental.set(
            o: {_time: tick, _measurement: "judged", _field: "raised", check: params.check},
        )
noted = if params.writes then judged |> to(bucket: "ops", tagColumns: ["check"]) else judged

noted |> filter(fn: (r) => false) |> yield(name: "judged")
