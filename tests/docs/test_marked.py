"""Blocks between markers: found, filled, and told by line where they do not fit."""

import pytest

from docs.marked import MarkerError, blocks, filled

PAGE = """# Title

<!-- made by make docs: one -->
old
<!-- end -->

Between.

<!-- made by make examples: two -->
<!-- end -->
"""


def test_only_the_blocks_of_the_command_are_written_anew() -> None:
    text = filled(PAGE, "make docs", lambda name: f"new {name}")
    assert text == PAGE.replace("old", "new one")


def test_an_empty_block_is_filled() -> None:
    text = filled(PAGE, "make examples", lambda name: f"\n{name}\n\n")
    assert "<!-- made by make examples: two -->\ntwo\n<!-- end -->" in text


def test_writing_twice_changes_nothing() -> None:
    once = filled(PAGE, "make docs", str.upper)
    assert filled(once, "make docs", str.upper) == once


def test_a_backslash_in_a_block_stays_one() -> None:
    assert "a\\1b" in filled(PAGE, "make docs", lambda name: "a\\1b")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x\n<!-- made by make docs: one -->\n", 2),
        ("x\n\n<!-- end -->\n", 3),
        ("<!-- made by make docs: one -->\n<!-- made by make docs: two -->\n<!-- end -->\n", 2),
        ("<!-- made by make docs: one -->\n<!-- end -->\n<!-- end -->\n", 3),
    ],
)
def test_a_marker_without_its_other_half_is_named_by_line(text: str, line: int) -> None:
    with pytest.raises(MarkerError, match=f"^line {line}: <!-- .* stands without its other half"):
        list(blocks(text))
