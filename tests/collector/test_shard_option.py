"""--shard on the command line."""

import argparse

import pytest

from collector.lines import Shard
from collector.shard_option import shard


def test_a_shard_is_written_as_its_number_and_how_many_there_are() -> None:
    assert [shard("1/1"), shard("3/4")] == [Shard(1, 1), Shard(3, 4)]


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "1/0", "a/b", "1/2/3", "-1/2"])
def test_anything_else_is_refused_with_what_is_accepted(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="accepted: 1/1, 1/2, 2/2"):
        shard(text)
