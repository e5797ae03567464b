"""The help of every command, as the programs print it, and the targets of the Makefile."""

import importlib
import io
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path

from docs.markdown import code, fenced, table

MAKEFILE = Path(__file__).parents[2] / "Makefile"
WIDTH = 100


def target_table() -> str:
    """A row a target that says what it does."""
    targets = re.findall(r"^([a-z-]+):.*## (.+)$", MAKEFILE.read_text(), re.MULTILINE)
    return table(("command", "what it does"), ([code(f"make {name}"), meaning] for name, meaning in targets))


def help_of(package: str) -> str:
    """The help of `python -m package` and of each of its commands that takes arguments."""
    module = importlib.import_module(f"{package}.__main__")
    texts = [_help(package), *(_help(package, name) for name in getattr(module, "COMMANDS", {}))]
    texts[1:] = [text for text in texts[1:] if not re.search(r"^usage: .* \[-h\]$", text, re.MULTILINE)]
    return "\n\n".join(fenced(text) for text in texts)


def _help(package: str, *command: str) -> str:
    module = importlib.import_module(f"{package}.__main__")
    shown = io.StringIO()
    with _called_as(f"python -m {package}", *command, "--help"), redirect_stdout(shown), suppress(SystemExit):
        module.main()
    return " ".join(["$ python -m", package, *command, "--help"]) + "\n" + shown.getvalue()


@contextmanager
def _called_as(*arguments: str) -> Iterator[None]:
    own, columns = sys.argv, os.environ.get("COLUMNS")
    sys.argv, os.environ["COLUMNS"] = list(arguments), str(WIDTH)  # argparse wraps at the terminal's width
    try:
        yield
    finally:
        sys.argv = own
        del os.environ["COLUMNS"]
        if columns is not None:
            os.environ["COLUMNS"] = columns
