"""Errors as problem documents: what was wrong, with what, and what is accepted.

Shape: https://www.rfc-editor.org/rfc/rfc9457
"""

from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


class ProblemDocument(Struct, kw_only=True, omit_defaults=True):
    """The body of every error."""

    type: Annotated[str, Meta(description="which kind of problem, as a relative address in the docs")]
    title: Annotated[str, Meta(description="the kind in words")]
    status: Annotated[int, Meta(description="the HTTP status, again", ge=400, le=599)]
    detail: Annotated[str, Meta(description="what was wrong here, and what is accepted")]
    instance: Annotated[str, Meta(description="the path that was asked for")]
    nearest: Annotated[list[str], Meta(description="the nearest known names, where a name is unknown")] = []


class Problem(Exception):
    """Ends a request with a problem document; each kind below says what the client is to do."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    kind = "internal"
    title = "Something went wrong here"

    def __init__(self, detail: str, nearest: list[str] | None = None, retry_after_s: int = 0) -> None:
        super().__init__(detail)
        self.detail, self.nearest, self.retry_after_s = detail, nearest or [], retry_after_s


class Malformed(Problem):
    """The request itself is wrong: the client must change it."""

    status = HTTPStatus.BAD_REQUEST
    kind = "malformed"
    title = "The request is malformed"


class Unknown(Problem):
    """No such pair, exchange or page: `nearest` may hold what was meant."""

    status = HTTPStatus.NOT_FOUND
    kind = "unknown"
    title = "There is no such thing"


class Away(Problem):
    """The database can't answer now: the same request again after Retry-After."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    kind = "away"
    title = "The data can't be had now"

    def __init__(self, detail: str, retry_after_s: int = 5) -> None:
        super().__init__(detail, retry_after_s=retry_after_s)


KINDS: tuple[type[Problem], ...] = (Malformed, Unknown, Away)


def document(problem: Problem, path: str) -> ProblemDocument:
    """The problem as it is answered at `path`."""
    return ProblemDocument(
        type=f"/docs#problem-{problem.kind}",
        title=problem.title,
        status=problem.status,
        detail=problem.detail,
        instance=path,
        nearest=problem.nearest,
    )


def answer(request: Request, problem: Exception) -> Response:
    """The response to a problem."""
    assert isinstance(problem, Problem)
    headers = {"Retry-After": str(problem.retry_after_s)} if problem.retry_after_s else {}
    body = msgspec.json.encode(document(problem, request.url.path))
    return Response(body, problem.status, headers, MEDIA_TYPE)


def answer_http(request: Request, error: Exception) -> Response:
    """The response to what the router itself refuses: an unknown path, a method that is not offered."""
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    detail = f"{request.method} {request.url.path} is not offered; /docs lists what is"
    body = ProblemDocument(
        type="about:blank", title=status.phrase, status=status, detail=detail, instance=request.url.path
    )
    return Response(msgspec.json.encode(body), status, error.headers, MEDIA_TYPE)


def answer_fault(request: Request, error: Exception) -> Response:
    """The response to a fault of ours; the log has the traceback, the client must not."""
    fault: Any = Problem("the log of the API has the reason")
    return answer(request, fault)
