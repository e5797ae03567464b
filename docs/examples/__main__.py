"""`python -m docs.examples`: run the service on a simulated market and write into the README what it answers.

With --recordings it runs on recorded candles as well; without, that example stays as it is. Both change with the time
of day, so they are no part of `make docs`; tests/docs/test_examples.py holds the commands against the route table.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from docs.examples.asked import ADDRESS, ALERTS, RECORDINGS, REPLAYED, SIMULATED, SPIKE, missing
from docs.examples.printed import alert, example
from docs.examples.stack import Stack, stack
from docs.markdown import fenced
from docs.marked import blocks, filled
from docs.pages import ROOT
from tests.eventually import eventually

COMMAND = "make examples"
README = ROOT / "README.md"
START_WITHIN_S = 900  # influxd may have to be built
DAY_WITHIN_S = 1200
BOARD_WITHIN_S = 150
ALERT_WITHIN_S = 150
WHOLE_DAY = 0.95
PYTHON = str(ROOT / ".venv" / "bin" / "python")


def simulated() -> dict[str, str]:
    """What `make run SIMULATE=1` says last, and what the API answers once the day's candles are filled in."""
    with stack() as running, running.started(["make", "run", "SIMULATE=1"]):
        up = running.line("coinwatch is up: ", START_WITHIN_S).replace(running.url, ADDRESS)
        eventually(lambda: _has_a_day(running), "a day of btcusd and ltcusd", DAY_WITHIN_S, every_s=2)
        answers = "\n\n".join(example(ask, running.ask(ask.path)) for ask in SIMULATED)
        running.order("/_sim/spike", SPIKE)
        logged = running.line(" coinwatch.alerts Alert ", ALERT_WITHIN_S)
        spiked = alert(SPIKE, logged, running.ask(ALERTS.path))
    return {"run": fenced(f"$ make run SIMULATE=1\n…\n{up}"), "curls": answers, "alert": spiked}


def _has_a_day(running: Stack) -> bool:
    answers = [running.look(f"/metrics/{pair}?every=1h") for pair in ("btcusd", "ltcusd")]
    return all(answer and answer["statistics"]["coverage"] > WHOLE_DAY for answer in answers)


def replayed(folder: Path) -> dict[str, str]:
    """What the replay of each recording says, and what the API answers then."""
    database_and_api = (["influx", "serve"], ["api"])
    with stack() as running, running.started(*([PYTHON, "-m", *words] for words in database_and_api)):
        eventually(lambda: (running.home / "tokens" / "collector").exists(), "setup", START_WITHIN_S)
        said = []
        for recording in RECORDINGS:
            output = running.run(PYTHON, "-m", "collector", *recording.arguments(folder))
            said.append(f"$ {recording.shown}\n{output.splitlines()[-1]}")
        eventually(lambda: _all_are_listed(running), "all recordings on the board", BOARD_WITHIN_S, every_s=1)
        answers = [example(ask, running.ask(ask.path)) for ask in REPLAYED]
    return {"replay": "\n\n".join([fenced("\n".join(said)), *answers])}


def _all_are_listed(running: Stack) -> bool:
    return len(running.look("/metrics").get("metrics", [])) == len(RECORDINGS)


def write(page: Path, made: dict[str, str]) -> None:
    """Writes the blocks that were made; the others stay."""
    text = page.read_text()
    kept = {block.name: text[block.start : block.end] for block in blocks(text)}
    page.write_text(filled(text, COMMAND, lambda name: made.get(name, kept[name])))


def main(arguments: Sequence[str] | None = None) -> int:
    """0: written; 1: the service did not answer as it should; 2: a recording is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m docs.examples", description=(__doc__ or "").splitlines()[0].partition(": ")[2]
    )
    parser.add_argument(
        "--recordings", type=Path, metavar="FOLDER", help=f"holds {', '.join(r.file for r in RECORDINGS)}"
    )
    folder = parser.parse_args(arguments).recordings
    if folder is not None and (absent := missing(folder)):
        parser.error(f"{folder} lacks {', '.join(absent)}")
    try:
        made = simulated() | (replayed(folder) if folder is not None else {})
    except (AssertionError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    write(README, made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
