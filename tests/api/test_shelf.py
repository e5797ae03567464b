"""The shelf: takes up what is published, and knows when it is stale."""

from pathlib import Path

import pytest

from api.board import Published
from api.problems import Away
from api.reader import Status, board_path, publish, status_path
from api.shelf import LOOK_EVERY_S, Shelf
from influx.settings import Settings
from tests.api.made_board import MINUTE_S, series
from tests.eventually import eventually


def shelf_at(tmp_path: Path, after_s: float) -> Shelf:
    """A shelf with a board, so long after its minute."""
    settings = Settings(home=tmp_path)
    publish(board_path(settings), Published(MINUTE_S, [series("btcusd")]))
    publish(status_path(settings), Status())
    shelf = Shelf(settings, clock=lambda: MINUTE_S + after_s)
    shelf.look()
    return shelf


@pytest.mark.parametrize(("after_s", "stale"), [(0, False), (179.5, False), (180, True)])
def test_a_board_of_three_minutes_ago_is_stale(tmp_path: Path, after_s: float, stale: bool) -> None:
    shelf = shelf_at(tmp_path, after_s)
    assert (shelf.stale, shelf.age_s) == (stale, after_s)


def test_without_the_database_the_board_is_stale_at_once_and_the_warning_says_why(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path, 20)
    before = shelf.version

    def look() -> bool:
        shelf.look()
        return shelf.stale

    publish(status_path(shelf.settings), Status(away='no "answer"\n'))
    eventually(look, "the turn", every_s=LOOK_EVERY_S)
    assert shelf.version == before + 1
    assert shelf.warning == '110 coinwatch "the board is 20 s old: no answer"'


@pytest.mark.parametrize(("after_s", "due_in_s"), [(0, 72), (50, 22), (72, 1), (500, 1)])
def test_the_next_board_is_due_a_minute_and_its_making_later(tmp_path: Path, after_s: float, due_in_s: int) -> None:
    assert shelf_at(tmp_path, after_s).due_in_s == due_in_s


def test_a_file_that_can_not_be_read_leaves_the_last_board(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path, 0)
    board = shelf.board
    board_path(shelf.settings).write_bytes(b"\xc1 none of ours")
    other = Shelf(shelf.settings)
    other.look()
    assert (shelf.board, other.board) == (board, None)


def test_without_a_board_it_says_why_there_is_none(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with pytest.raises(Away, match="the reader has not looked yet"):
        Shelf(settings).require_board()
    publish(status_path(settings), Status(away="no answer from the database"))
    with pytest.raises(Away, match="no answer from the database"):
        Shelf(settings).require_board()
    publish(status_path(settings), Status())
    with pytest.raises(Away, match="each minute it is made of what the collector wrote"):
        Shelf(settings).require_board()
