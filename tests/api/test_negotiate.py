"""What form a client wants."""

import pytest

from api.negotiate import takes_gzip, wants_csv


@pytest.mark.parametrize(
    ("accept", "csv"),
    [
        (b"*/*", False),
        (b"text/csv", True),
        (b"TEXT/CSV", True),
        (b"text/csv, application/json;q=0.5", True),
        (b"text/csv;q=0.4, application/json;q=0.5", False),
        (b"text/csv;q=0.9, */*;q=0.1", True),
        (b"text/html, */*;q=0.8", False),
        (b"text/csv;q=x", False),
        (b"", False),
    ],
)
def test_csv_is_given_where_it_is_wanted_more_than_json(accept: bytes, csv: bool) -> None:
    assert wants_csv(accept) is csv


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [(b"gzip, br", True), (b"br, gzip;q=0.1", True), (b"*", True), (b"gzip;q=0, *", False), (b"identity", False)],
)
def test_answers_are_packed_where_the_client_allows_it(encoding: bytes, packed: bool) -> None:
    assert takes_gzip(encoding) is packed
