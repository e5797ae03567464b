"""Which web pages of other origins may call the API (CORS). https://fetch.spec.whatwg.org/#http-cors-protocol"""

from collections.abc import Mapping, Sequence

from api.encoded import Headers

EXPOSED = (
    b"access-control-expose-headers",
    b"ETag, Link, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Warning, X-Request-ID",
)
"""What of an answer's headers a page may read: goes with every answer that has a body."""
ALLOWED = b"Accept, Authorization, If-None-Match, X-API-Key, X-Request-ID"
KEPT_S = b"86400"


class Origins:
    """The origins of the setting, `*` for every one."""

    def __init__(self, allowed: Sequence[str]) -> None:
        self.every = "*" in allowed
        self._allowed = {origin.rstrip("/").encode() for origin in allowed}

    def headers(self, given: Mapping[bytes, bytes]) -> Headers:
        """What lets the page of an allowed origin read the answer."""
        if self.every:
            return [(b"access-control-allow-origin", b"*")]
        origin = given.get(b"origin")
        if origin is None or origin not in self._allowed:
            return [(b"vary", b"origin")] if self._allowed else []
        return [(b"access-control-allow-origin", origin), (b"vary", b"origin")]

    def asks_first(self, method: str, given: Mapping[bytes, bytes]) -> bool:
        """Whether this is the question that a browser asks before the request itself (a preflight)."""
        allowed = self.every or given.get(b"origin") in self._allowed
        return method == "OPTIONS" and b"access-control-request-method" in given and allowed


PREFLIGHT: Headers = [
    (b"access-control-allow-methods", b"GET, HEAD"),
    (b"access-control-allow-headers", ALLOWED),
    (b"access-control-max-age", KEPT_S),
]
"""The answer to that question, beside the headers that every answer carries."""
