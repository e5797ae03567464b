"""The collector beside Telegraf and beside ccxt with Points, against the same simulated exchange and the same influxd.

CPU is that of the whole process, over ten polls after it has warmed up. Ours runs without the threads that fetch
candles, which the others have no counterpart of. influxd runs no tasks here.
"""

from collections.abc import Iterator

from bench import contender
from bench.collector import ccxt_point, ours, telegraf
from bench.place import place
from bench.row import Row

SIZE = 10_000
LARGE = 50_000


def rows() -> Iterator[Row]:
    """Each bar at 10,000 pairs, and the large market at 50,000."""
    with place(SIZE) as here:
        mine = contender.run(ours.__name__, SIZE, here)
        theirs = contender.run(telegraf.__name__, SIZE, here)
        naive = contender.run(ccxt_point.__name__, SIZE, here)
        rates = contender.run("bench.collector.rates", SIZE, here)
    yield Row(
        what="CPU a quote",
        unit="us",
        ours=mine["cpu_us"],
        peer=theirs["cpu_us"],
        peer_name=telegraf.label,
        most=1 / 8,
    )
    yield Row(what="CPU a quote", unit="us", ours=mine["cpu_us"], peer=naive["cpu_us"], peer_name=ccxt_point.label)
    yield Row(
        what="quotes end to end",
        unit="1/s",
        ours=rates["rate"],
        peer=rates["rate"] / rates["of_encoded"],
        peer_name="encoded lines",
        least=0.8,
    )
    yield Row(
        what="quotes end to end",
        unit="1/s",
        ours=rates["rate"],
        peer=rates["rate"] / rates["of_without_spool"],
        peer_name="without the spool",
        least=0.95,
    )
    yield Row(what="peak memory", unit="MB", ours=mine["memory_mb"], most=150)
    yield Row(what="peak memory", unit="MB", ours=mine["memory_mb"], peer=theirs["memory_mb"], peer_name=telegraf.label)
    with place(LARGE) as here:
        large = contender.run(ours.__name__, LARGE, here)
    yield Row(what=f"a poll of {LARGE:,} pairs", unit="s", ours=large["poll_s"], most=10)
    yield Row(what=f"peak memory at {LARGE:,} pairs", unit="MB", ours=large["memory_mb"])
