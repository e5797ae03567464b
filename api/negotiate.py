"""What form a client wants: JSON or CSV, packed or plain.

https://www.rfc-editor.org/rfc/rfc9110#name-content-negotiation
"""

from functools import lru_cache


@lru_cache(256)
def wants_csv(accept: bytes) -> bool:
    """Whether an Accept header puts CSV before JSON."""
    return _weight(accept, b"text/csv", b"") > _weight(accept, b"application/json", b"*/*")


@lru_cache(256)
def takes_gzip(accept_encoding: bytes) -> bool:
    """Whether an Accept-Encoding header allows gzip."""
    return _weight(accept_encoding, b"gzip", b"*") > 0


def _weight(header: bytes, name: bytes, wildcard: bytes) -> float:
    found = 0.0
    for part in header.lower().split(b","):
        kind, _, rest = part.strip().partition(b";")
        if kind.strip() == name:
            return _quality(rest)
        if wildcard and kind.strip() == wildcard:
            found = _quality(rest)
    return found


def _quality(rest: bytes) -> float:
    name, _, value = rest.strip().partition(b"=")
    if name.strip() != b"q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
