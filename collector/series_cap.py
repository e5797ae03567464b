"""The bound on series: how many pairs of each exchange are taken when all exchanges list more than the setting allows.

Room is given out evenly: an exchange that lists fewer pairs than its share leaves the rest to the others. So the same
lists always give the same shares.
"""

import threading


class SeriesCap:
    """Shares of `limit` series. Safe to share between threads."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._lock = threading.Lock()
        self._wanted: dict[str, int] = {}

    def share(self, exchange: str, wanted: int) -> int:
        """How many of its `wanted` series an exchange may have, as far as the others' wishes are known."""
        with self._lock:
            self._wanted[exchange] = wanted
            return shares(self._wanted, self.limit)[exchange]


def shares(wanted: dict[str, int], limit: int) -> dict[str, int]:
    """Even shares of `limit`, none above what is wanted."""
    given: dict[str, int] = {}
    room = limit
    for place, name in enumerate(sorted(wanted, key=lambda name: (wanted[name], name))):
        given[name] = min(wanted[name], room // (len(wanted) - place))
        room -= given[name]
    return given
