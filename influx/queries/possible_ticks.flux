// possible_ticks: the ticks at which series can have broken a rule, a row a series and tick.
//
// Runs    after queries/possible, for the series that it found
// Reads   quotes from params.start to params.stop, the ticks alone
// Cost    grows with the points of these series; those within their bound end here
import "dict"
import "regexp"

pairs = regexp.compile(v: params.pairs)
exchanges = regexp.compile(v: params.exchanges)
of_pairs = (tables=<-) =>
    if params.pairs == "" then tables else tables |> filter(fn: (r) => r.pair =~ pairs)
of_exchanges = (tables=<-) =>
    if params.exchanges == "" then tables else tables |> filter(fn: (r) => r.exchange =~ exchanges)

// Each bound stands under "exchange pair".
bounds = dict.fromList(pairs: params.bounds)
bound = (r) => dict.get(dict: bounds, key: "${r.exchange} ${r.pair}", default: params.unbound)

from(bucket: "quotes")
    |> range(start: params.start, stop: params.stop)
    |> filter(fn: (r) => r._measurement == params.measurement and r._field == params.field)
    |> of_pairs()
    |> of_exchanges()
    |> filter(fn: (r) => if params.rises then r._value > bound(r) else r._value < bound(r))
    |> group()
    |> keep(columns: ["_time", "exchange", "pair"])
