"""Finding benchmarks, and writing their sections of the page."""

from bench.row import Row
from bench.run import cells, found, section, with_section

ROW = Row(what="CPU a quote", unit="us", ours=4, peer=40, peer_name="Telegraf", most=0.125)


def test_every_folder_with_rows_is_a_benchmark() -> None:
    assert {"collector", "board"} <= set(found())


def test_a_row_s_cells_are_what_ours_peer_ratio_and_limit() -> None:
    assert cells(ROW) == ["CPU a quote, us", "4", "40", "Telegraf", "0.1", "≤ 0.125"]


def test_a_section_says_what_was_measured_and_on_which_machine() -> None:
    text = section("How fast.\n", [ROW])
    assert text.startswith("How fast.\n\n| what | ours |")
    assert "cores" in text.splitlines()[-1]
    assert "influxd 2." in text.splitlines()[-1]


def test_a_section_takes_the_place_of_the_one_before_and_leaves_the_others() -> None:
    page = with_section(with_section("# Performance\n", "collector", "old"), "board", "board's")
    page = with_section(page, "collector", "new")
    assert "old" not in page
    assert page.index("new") < page.index("board's")
    assert page.count("## Collector") == 1
