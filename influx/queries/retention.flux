// retention: how long a bucket keeps its points, as the database itself says.
//
// Runs    with python -m collector replay, before anything is written
// Reads   the list of buckets that the token may see
// Gives   one row: kept_ns, 0 for ever; none when the bucket can't be seen
// Cost    no data is read
buckets()
    |> filter(fn: (r) => r.name == params.bucket)
    |> map(fn: (r) => ({kept_ns: r.retentionPeriod}))
