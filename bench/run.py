"""Runs benchmarks: prints ours, peer, ratio and limit, and writes each one's section of docs/performance.md.

A benchmark is a folder here with a file rows.py: its docstring says what is measured and how, `rows()` yields the Rows.
"""

import importlib
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import machine
from bench.row import Row, shown

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "performance.md"
HEAD = """# Performance

Every figure here was written by `make bench`; the bound beside it is what the run fails at. Do not trust them: they are
of one machine, of simulated exchanges on the same machine, and a ratio of two figures says more than either of them.
"""


def found() -> list[str]:
    """The names of all benchmarks."""
    return sorted(path.parent.name for path in HERE.glob("*/rows.py"))


def run(names: Sequence[str]) -> bool:
    """Runs these, or all; True when every bound was kept."""
    kept = True
    for name in names or found():
        module = importlib.import_module(f"bench.{name}.rows")
        rows = list(module.rows())
        show(name, rows)
        PAGE.write_text(
            with_section(PAGE.read_text() if PAGE.exists() else HEAD, name, section(module.__doc__ or "", rows))
        )
        kept = kept and all(row.holds for row in rows)
    return kept


def show(name: str, rows: Iterable[Row]) -> None:
    """Prints a benchmark's table."""
    table = Table("what", "ours", "peer", "", "ratio", "limit", "", title=f"bench/{name}")
    for row in rows:
        table.add_row(*cells(row), "" if row.holds else "[red]missed")
    Console(width=120).print(table)


def cells(row: Row) -> list[str]:
    """A row's texts."""
    return [f"{row.what}, {row.unit}", shown(row.ours), shown(row.peer), row.peer_name, shown(row.ratio), row.limit]


def section(what: str, rows: Iterable[Row]) -> str:
    """A benchmark's part of the page."""
    lines = ["| what | ours | peer | | ratio | limit |", "| --- | --- | --- | --- | --- | --- |"]
    lines += ["| " + " | ".join(cells(row)) + " |" for row in rows]
    return "\n".join([what.strip(), "", *lines, "", f"{datetime.now(UTC):%Y-%m-%d}, {machine.description()}"])


def with_section(page: str, name: str, text: str) -> str:
    """The page with the section in its place, or at its end."""
    begin, end = f"<!-- bench {name} -->", f"<!-- end of bench {name} -->"
    body = f"{begin}\n## {name.capitalize()}\n\n{text}\n{end}"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if pattern.search(page):
        return pattern.sub(lambda _: body, page)
    return page.rstrip() + "\n\n" + body + "\n"
