"""Flux as the server's own formatter writes it; `python -m tests.influx.formatter` brings every file into that form.

InfluxDB has no call that only formats. But a dry run of a template shows the text of a task that has parameters
formatted, and makes nothing.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from influx import server, server_process, tokens
from influx.client import Database
from influx.settings import Settings
from influx.stack import Listing, Setup
from influx.template import resource
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
MARK = "option params = {mark: 1}\n\n"


def flux_files() -> list[Path]:
    """Every .flux file that is Flux as it stands; Grafana's hold its own variables."""
    return sorted([*ROOT.glob("influx/**/*.flux"), *ROOT.glob("bench/**/*.flux")])


def formatted(database: Database, text: str) -> str:
    """The text as the server formats it. Refused: the server can't read it."""
    lines = text.splitlines(keepends=True)
    header = next((number for number, line in enumerate(lines) if not line.startswith("//")), len(lines))
    at = max((number + 1 for number, line in enumerate(lines) if line.startswith("import ")), default=header)
    marked = "".join([*lines[:at], "\n", MARK, *lines[at:]])
    org = database.request("GET", "orgs", Listing).orgs[0].id
    contents = [resource("Task", "formatted", name="formatted", every="1h", query=marked)]
    body = {"orgID": org, "dryRun": True, "template": {"contents": contents}}
    answer = database.request("POST", "templates/apply", dict[str, Any], body)
    query: str = answer["diff"]["tasks"][0]["new"]["query"]
    return query.replace(MARK, "", 1)


def main() -> None:
    binary = server.find_or_build(print)
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), influx_port=free_port())
        with server_process.running(binary, settings):
            Setup(settings).run()
            token = tokens.read(settings, tokens.OPERATOR) or ""
            database = Database(settings.url, settings.influx_org, token, tokens.OPERATOR)
            for path in flux_files():
                text = path.read_text()
                if text != (mended := formatted(database, text)):
                    path.write_text(mended)
                    sys.stderr.write(f"formatted {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
