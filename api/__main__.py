"""python -m api: serves the API until it is told to stop."""

import argparse
import sys

from api import workers
from api.announce import Announcer
from api.reader import Reader
from influx import log
from influx.settings import SettingsError, read_settings


def main() -> int:
    """0 after a clean stop, 1 when the port can't be had, 2 when a setting or the usage is wrong."""
    argparse.ArgumentParser(
        prog="python -m api",
        description="Serves the REST API and the web page; settings come from the environment, see README.md.",
    ).parse_args()
    try:
        settings = read_settings()
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
    workers.serve(settings, listening)
    announcer.stop()
    reader.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
