// possible: the series that can have broken a rule at any tick of a range.
//
// Runs    for ticks that are judged after the fact, an hour of them at a time
// Reads   quotes from params.start to params.stop, which holds the ticks and the time that they are judged against
// Cost    two pushed-down aggregates and a pivot, instead of those of each tick
import "regexp"

pairs = regexp.compile(v: params.pairs)
exchanges = regexp.compile(v: params.exchanges)
of_pairs = (tables=<-) =>
    if params.pairs == "" then tables else tables |> filter(fn: (r) => r.pair =~ pairs)
of_exchanges = (tables=<-) =>
    if params.exchanges == "" then tables else tables |> filter(fn: (r) => r.exchange =~ exchanges)

points = () =>
    from(bucket: "quotes")
        |> range(start: params.start, stop: params.stop)
        |> filter(fn: (r) => r._measurement == params.measurement and r._field == params.field)
        |> of_pairs()
        |> of_exchanges()

named = (name, tables=<-) =>
    tables
        |> group()
        |> set(key: "figure", value: name)
        |> drop(columns: ["_start", "_stop", "_time"])

// A mean lies between the lowest and the highest value, so nothing is missed.
fixed = params.reference == "level"
possible = (r) =>
    if params.rises then
        r.highest > params.factor * (if fixed then params.level else r.lowest)
    else
        r.lowest < params.factor * (if fixed then params.level else r.highest)

// A series whose first points come between the two reads has only one of them; those points are told as late next.
union(
    tables: [
        points() |> min() |> named(name: "lowest"),
        points() |> max() |> named(name: "highest"),
    ],
)
    |> pivot(
        rowKey: ["base", "exchange", "pair", "quote"],
        columnKey: ["figure"],
        valueColumn: "_value",
    )
    |> filter(fn: (r) => exists r.lowest and exists r.highest and possible(r))
    |> keep(columns: ["exchange", "pair", "lowest", "highest"])
