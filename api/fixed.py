"""A route whose answer never changes while the process runs: the API's own description."""

from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api.call import MEMBER, Call
from api.encoded import Encoded

HOUR = (b"cache-control", b"public, max-age=3600")


class Fixed:
    """An ASGI application that always answers the same."""

    def __init__(self, path: str, body: bytes, media_type: bytes) -> None:
        self.path, self.encoded = path, Encoded(body, media_type)

    def route(self) -> Route:
        """The route that serves it."""
        return Route(self.path, self, methods=["GET"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        call: Call = scope[MEMBER]
        call.route = self.path
        await self.encoded.send(send, call.given, [HOUR])
