"""Errors as problem documents: what was wrong, with what, and what is accepted.

Shape: https://www.rfc-editor.org/rfc/rfc9457
"""

from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from starlette.exceptions import HTTPException
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
LONGEST_PATH = 500


class ProblemDocument(Struct, kw_only=True, omit_defaults=True):
    """The body of every error."""

    type: Annotated[
        str, Meta(description="which kind of problem: an address in the docs", examples=["/docs#problem-unknown"])
    ]
    title: Annotated[str, Meta(description="the kind in words", examples=["There is no such thing"])]
    status: Annotated[int, Meta(description="the HTTP status again", ge=400, le=599, examples=[404])]
    detail: Annotated[
        str,
        Meta(
            description="what was wrong here, and what is accepted",
            examples=["no pair dogusd is on the board; near: dogeusd"],
        ),
    ]
    instance: Annotated[str, Meta(description="the path that was asked for", examples=["/metrics/dogusd"])]
    nearest: Annotated[
        list[str], Meta(description="the nearest known names, where one is unknown", examples=[["dogeusd"]])
    ] = []


class Problem(Exception):
    """Ends a request with a problem document; each kind below says what the client is to do."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    kind = "fault"
    title = "Something went wrong here"

    def __init__(self, detail: str, nearest: list[str] | None = None, retry_after_s: int = 0) -> None:
        super().__init__(detail)
        self.detail, self.nearest, self.retry_after_s = detail, nearest or [], retry_after_s

    @property
    def headers(self) -> dict[str, str]:
        """The headers that belong to it."""
        return {"Retry-After": str(self.retry_after_s)} if self.retry_after_s else {}


class Malformed(Problem):
    """The request itself is wrong: it must be changed."""

    status = HTTPStatus.BAD_REQUEST
    kind = "malformed"
    title = "The request is malformed"


class NoKey(Problem):
    """The service wants an API key and the request brings none that it knows: ask the operator for one."""

    status = HTTPStatus.UNAUTHORIZED
    kind = "no-key"
    title = "An API key is needed"

    @property
    def headers(self) -> dict[str, str]:
        """The scheme that is wanted."""
        return {"WWW-Authenticate": 'Bearer realm="coinwatch"'}


class Unknown(Problem):
    """No such pair, exchange or page: `nearest` may hold what was meant."""

    status = HTTPStatus.NOT_FOUND
    kind = "unknown"
    title = "There is no such thing"


class NotOffered(Problem):
    """The path exists, but not with this method."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    kind = "not-offered"
    title = "The method is not offered"

    def __init__(self, detail: str, allowed: str) -> None:
        super().__init__(detail)
        self.allowed = allowed

    @property
    def headers(self) -> dict[str, str]:
        """The methods that are."""
        return {"Allow": self.allowed}


class Contradiction(Problem):
    """Each parameter is right, but not together with the others: one of them must be changed."""

    status = HTTPStatus.CONFLICT
    kind = "contradiction"
    title = "The parameters contradict each other"


class TooMany(Problem):
    """The client asks more often than it may: the same request again after Retry-After."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    kind = "too-many"
    title = "Too many requests"

    def __init__(self, per_minute: int, retry_after_s: int) -> None:
        super().__init__(f"at most {per_minute} requests a minute are answered", retry_after_s=retry_after_s)


class Away(Problem):
    """The data can't be had at the moment: the same request again after Retry-After."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    kind = "away"
    title = "The data can't be had now"

    def __init__(self, detail: str, retry_after_s: int = 5) -> None:
        super().__init__(detail, retry_after_s=retry_after_s)


KINDS: tuple[type[Problem], ...] = (
    Malformed,
    NoKey,
    Unknown,
    NotOffered,
    Contradiction,
    TooMany,
    Away,
    Problem,
)


def response(problem: Problem, path: str) -> Response:
    """The response to a problem at `path`."""
    document = ProblemDocument(
        type=f"/docs#problem-{problem.kind}",
        title=problem.title,
        status=problem.status,
        detail=problem.detail,
        instance=path[:LONGEST_PATH],
        nearest=problem.nearest,
    )
    headers = {"Cache-Control": "no-store", **problem.headers}
    return Response(msgspec.json.encode(document), problem.status, headers, MEDIA_TYPE)


def of_router(error: HTTPException) -> Problem:
    """What the router itself refuses: an unknown path, a method that is not offered."""
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "GET")
        return NotOffered(f"this path is not offered with this method; accepted: {allowed}", allowed)
    return Unknown("there is no such path; /docs lists what there is")
