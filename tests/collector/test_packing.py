"""Bodies, plain and gzipped, and several of them in one request."""

import pytest

from collector import packing

ONE, TWO = b"a v=1 1\n", b"b v=2 2\n"


@pytest.mark.parametrize("body", [ONE, packing.zipped(ONE)], ids=["plain", "gzipped"])
def test_a_body_gives_its_lines(body: bytes) -> None:
    assert packing.plain(body) == ONE


@pytest.mark.parametrize(
    ("bodies", "gzipped"),
    [
        ([ONE, TWO], False),
        ([packing.zipped(ONE), packing.zipped(TWO)], True),
        ([ONE, packing.zipped(TWO)], True),
        ([packing.zipped(ONE), TWO], True),
    ],
)
def test_bodies_are_joined_to_one(bodies: list[bytes], gzipped: bool) -> None:
    body, is_gzipped = packing.joined(bodies)
    assert (packing.plain(body), is_gzipped) == (ONE + TWO, gzipped)
