"""python -m collector: bring in what the exchanges say."""

import argparse
import sys
from types import ModuleType

from collector import catalogue, heal_command, letters_command, once, replay, service
from collector.spool import SpoolError
from influx.client import DatabaseError
from influx.settings import SettingsError, read_settings
from influx.version import version

COMMANDS: dict[str, ModuleType] = {
    "run": service,
    "once": once,
    "replay": replay,
    "heal": heal_command,
    "exchanges": catalogue,
    "dead-letters": letters_command,
}
"""By name the module that has its help (first line), its `options(parser)` and its `command(arguments, settings)`."""


def main() -> int:
    """0: done, 2: wrong usage, 1: anything else; errors go to stderr."""
    parser = argparse.ArgumentParser(prog="python -m collector", description="Bring in what the exchanges say.")
    parser.add_argument("--version", action="version", version=version())
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        meaning = (module.__doc__ or "").splitlines()[0].partition(": ")[2].rstrip(".")
        sub = commands.add_parser(name, help=meaning, description=meaning)
        module.options(sub)
    arguments = parser.parse_args()
    try:
        return int(COMMANDS[arguments.command].command(arguments, read_settings()))
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except (DatabaseError, SpoolError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
