"""`python -m influx`: the database's own commands."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from influx import log, server_process, tokens
from influx.client import DatabaseError, Forbidden
from influx.server import NoServer
from influx.settings import Settings, SettingsError, read_settings
from influx.stack import Setup
from influx.template import manifest


def setup(settings: Settings, _: argparse.Namespace) -> None:
    """bring the database into shape; run twice, it changes nothing"""
    server_process.wait_until_ready(settings)
    changes = Setup(settings).run()
    print("\n".join(changes) if changes else "nothing to change: the database is in shape")


def template(settings: Settings, _: argparse.Namespace) -> None:
    """print the manifest that setup applies"""
    print(msgspec.json.format(msgspec.json.encode(manifest(settings))).decode())


def query(settings: Settings, arguments: argparse.Namespace) -> None:
    """run a Flux file, or - for standard input, with the read-only token; prints CSV"""
    database = tokens.connect(settings, tokens.GRAFANA)
    if database is None:
        raise Forbidden(f"{tokens.path(settings, tokens.GRAFANA.name)} is missing; run python -m influx setup")
    text = sys.stdin.read() if arguments.file == "-" else Path(arguments.file).read_text()
    sys.stdout.write(database.query_csv(text).decode())


def serve(settings: Settings, _: argparse.Namespace) -> None:
    """run our own influxd in the foreground, brought into shape, until SIGTERM or Ctrl-C"""
    log.set_up(settings, "influx")
    server_process.serve(settings)


COMMANDS: dict[str, Callable[[Settings, argparse.Namespace], None]] = {
    "setup": setup,
    "serve": serve,
    "template": template,
    "query": query,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m influx", description="The database's own commands.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        sub = commands.add_parser(name, help=command.__doc__, description=command.__doc__)
        if name == "query":
            sub.add_argument("file", metavar="FILE", help="a Flux file, or - for standard input")
    arguments = parser.parse_args()
    try:
        COMMANDS[arguments.command](read_settings(), arguments)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except (DatabaseError, NoServer, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
