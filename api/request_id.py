"""The id of a request: the client's own where it brings a decent one, else a new one; it stands in log and answer."""

import itertools
import re
import secrets
from collections.abc import Mapping

DECENT = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class RequestIds:
    """Ids of one worker: a random beginning and a count, so that making one costs nothing."""

    def __init__(self) -> None:
        self._beginning = secrets.token_hex(6).encode()
        self._count = itertools.count(1)

    def of(self, given: Mapping[bytes, bytes]) -> bytes:
        """The request's id."""
        brought = given.get(b"x-request-id")
        if brought is not None and DECENT.fullmatch(brought):
            return brought
        return b"%b-%x" % (self._beginning, next(self._count))
