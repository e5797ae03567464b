"""An answer as bytes, ready to be sent many times: plain, packed, or only its tag where the client has it already.

Strong tags, one for each form: https://www.rfc-editor.org/rfc/rfc9110#name-etag
"""

import gzip
from collections.abc import Mapping, Sequence
from hashlib import sha256

from starlette.types import Send

from api.negotiate import takes_gzip

Header = tuple[bytes, bytes]
Headers = list[Header]

VARY = (b"vary", b"accept, accept-encoding")
PACKED_FROM_BYTES = 1_000
TAG_LETTERS = 32
LEVEL = 5


class Form:
    """One representation: body, tag and headers."""

    def __init__(self, body: bytes, tag: bytes, headers: Headers) -> None:
        self.body, self.tag = body, tag
        self.headers: Headers = [(b"content-length", b"%d" % len(body)), (b"etag", tag), *headers]
        self.unchanged: Headers = [(b"etag", tag), VARY]


class Encoded:
    """A successful answer in its forms."""

    def __init__(self, body: bytes, media_type: bytes, headers: Headers | None = None) -> None:
        digest = sha256(body).hexdigest()[:TAG_LETTERS].encode()
        own: Headers = [
            (b"content-type", media_type),
            VARY,
            *(headers or []),
        ]
        self.plain = Form(body, b'"%s"' % digest, own)
        self._own, self._digest = own, digest
        self._packed: Form | None = None

    @property
    def size(self) -> int:
        """Bytes of the plain form; the packed one is small beside it."""
        return len(self.plain.body)

    def form(self, given: Mapping[bytes, bytes]) -> Form:
        """The form that a client with these headers gets."""
        accepted = given.get(b"accept-encoding")
        if accepted is None or len(self.plain.body) < PACKED_FROM_BYTES or not takes_gzip(accepted):
            return self.plain
        if self._packed is None:
            body = gzip.compress(self.plain.body, LEVEL, mtime=0)
            self._packed = Form(body, b'"%s-gz"' % self._digest, [*self._own, (b"content-encoding", b"gzip")])
        return self._packed

    async def send(self, send: Send, given: Mapping[bytes, bytes], extra: Headers, more: Sequence[Header] = ()) -> int:
        """Sends it with `extra` and `more`, or 304 with `extra` where the client's tag is good; gives the status."""
        form = self.form(given)
        known = given.get(b"if-none-match")
        if known is not None and (known == form.tag or _matches(known, form.tag)):
            await send({"type": "http.response.start", "status": 304, "headers": form.unchanged + extra})
            await send({"type": "http.response.body", "body": b""})
            return 304
        await send({"type": "http.response.start", "status": 200, "headers": [*form.headers, *extra, *more]})
        await send({"type": "http.response.body", "body": form.body})
        return 200


def _matches(known: bytes, tag: bytes) -> bool:
    listed = (part.strip().removeprefix(b"W/") for part in known.split(b","))
    return any(part in (tag, b"*") for part in listed)
