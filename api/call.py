"""One request on its way: what the front has found out about it, for the endpoint that answers it."""

from starlette.types import Scope

from api.encoded import Headers
from api.kept import Key
from api.negotiate import wants_csv

MEMBER = "coinwatch.call"
OTHER = "other"
NO_SNIFFING = (b"x-content-type-options", b"nosniff")


class Call:
    """The request's headers and key, its route once that is known, and the headers that every answer to it carries."""

    __slots__ = ("csv", "extra", "given", "how", "id", "key", "more", "route")

    def __init__(self, scope: Scope, given: dict[bytes, bytes], request_id: bytes) -> None:
        self.given = given
        self.id = request_id
        self.csv = wants_csv(given.get(b"accept", b"*/*"))
        self.key: Key = (scope.get("raw_path") or scope["path"].encode(), scope["query_string"], self.csv)
        self.route = OTHER
        self.how = "made"
        """kept: sent from memory; made: made for this request; refused: turned away at the front."""
        self.extra: Headers = [(b"x-request-id", request_id)]
        """What every answer carries; `more` is what none needs that has no body."""
        self.more: Headers = [NO_SNIFFING]
