"""python -m grafana: writes dashboards/*.json from the code; --check says whether they are current."""

import argparse
import json
import sys
from pathlib import Path

from grafana import market
from grafana.panels import Dashboard

DASHBOARDS = Path(__file__).parent / "dashboards"


def dashboards() -> dict[str, Dashboard]:
    """Every dashboard by the name of its file."""
    return {"market": market.dashboard()}


def files() -> dict[Path, str]:
    """What stands in dashboards/ when it is current."""
    return {DASHBOARDS / f"{name}.json": write(dashboard) for name, dashboard in dashboards().items()}


def write(dashboard: Dashboard) -> str:
    """A dashboard's file."""
    return json.dumps(dashboard.json(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m grafana", description="Writes Grafana's dashboards from the code.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is not current")
    options = parser.parse_args(arguments)
    old = [path for path, text in files().items() if not path.exists() or path.read_text() != text]
    if options.check:
        for path in old:
            print(f"grafana/dashboards/{path.name} is old: run python -m grafana", file=sys.stderr)
        return 1 if old else 0
    for path in old:
        path.write_text(files()[path])
        print(f"wrote grafana/dashboards/{path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
