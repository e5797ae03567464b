"""Long lists in pages: the parameters, the members of an answer, the Link header (RFC 8288)."""

from collections.abc import Sequence
from typing import Annotated, TypeVar
from urllib.parse import parse_qsl, urlencode

from msgspec import Meta, Struct

from api.encoded import Headers
from api.from_board import FromBoard

Item = TypeVar("Item")

MOST_PAGES = 1_000_000


class Pages(Struct, frozen=True, kw_only=True):
    """The parameters of a list."""

    per_page: Annotated[int, Meta(description="rows a page", ge=1, le=1000, examples=[250])] = 250
    page: Annotated[int, Meta(description="which page, from 1", ge=1, le=MOST_PAGES, examples=[1])] = 1


Total = Annotated[int, Meta(description="rows on all pages together", ge=0, examples=[1])]
ThisPage = Annotated[int, Meta(description="this page", ge=1, examples=[1])]
PerPage = Annotated[int, Meta(description="rows a page", ge=1, examples=[250])]


class Paged(Struct, frozen=True, kw_only=True):
    """The members that a list's answer has beside its rows."""

    total: Total
    page: ThisPage
    per_page: PerPage


class BoardPage(FromBoard, frozen=True, kw_only=True):
    """The same for a list from the board."""

    total: Total
    page: ThisPage
    per_page: PerPage


def cut(rows: Sequence[Item], asked: Pages) -> Sequence[Item]:
    """The rows of the page that is asked for."""
    start = (asked.page - 1) * asked.per_page
    return rows[start : start + asked.per_page]


def links(query: bytes, answer: Paged | BoardPage) -> Headers:
    """The Link header: first, prev, next and last, as far as there are any."""
    last = max(1, -(-answer.total // answer.per_page))
    pages = {"first": 1, "prev": min(answer.page - 1, last), "next": answer.page + 1, "last": last}
    there = {name: page for name, page in pages.items() if 1 <= page <= last}
    others = [(name, value) for name, value in parse_qsl(query.decode()) if name != "page"]
    found = (f'<?{urlencode([*others, ("page", page)])}>; rel="{name}"' for name, page in there.items())
    return [(b"link", ", ".join(found).encode())]
