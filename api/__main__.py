"""python -m api: serves the API until it is told to stop; python -m api key NAME: makes an API key."""

import argparse
import sys
from pathlib import Path

from api import keys, workers
from api.alerting import Alerting
from api.announce import Announcer
from api.reader import Reader
from influx import log
from influx.settings import Settings, SettingsError, read_settings
from influx.version import version

MAKES_KEY = "Makes an API key, keeps its hash in the file that COINWATCH_API_KEYS names, and prints it, this once."


def main() -> int:
    """0 after a clean stop, 1 when the port can't be had, 2 when a setting or the usage is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m api",
        description="Serves the REST API and the web page; settings come from the environment, see README.md.",
    )
    parser.add_argument("--version", action="version", version=version())
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", help="nothing: serve")
    key = commands.add_parser("key", help="make an API key and print it, this once", description=MAKES_KEY)
    key.add_argument("name", metavar="NAME", help="whose it is")
    arguments = parser.parse_args()
    try:
        settings = read_settings()
        if arguments.command == "key":
            return make_key(settings, arguments.name)
        alerting = Alerting(settings)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    log.set_up(settings, "api")
    try:
        listening = workers.bound(settings)
    except OSError as error:
        print(f"the API can't listen at {settings.api_url}: {error.strerror}", file=sys.stderr)
        return 1
    reader, announcer = Reader(settings), Announcer(settings)
    reader.start()
    announcer.start()
    alerting.start()
    workers.serve(settings, listening)
    alerting.stop()
    announcer.stop()
    reader.stop()
    return 0


def make_key(settings: Settings, name: str) -> int:
    """Prints a new key. 1: the name or the file is not good for it; 2: the setting names no file."""
    if not settings.api_keys:
        print("COINWATCH_API_KEYS names no file to keep the key's hash in", file=sys.stderr)
        return 2
    try:
        print(keys.add(Path(settings.api_keys), name))
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
