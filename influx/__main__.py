"""`python -m influx`: the database's own commands."""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich import progress
from rich.console import Console

from influx import dry_run, log, rules, server_process, tokens, trial_alert
from influx import rollup as rollups
from influx.check import checks
from influx.client import Database, DatabaseError, Forbidden
from influx.rollup import NoWindow
from influx.rules import RulesError
from influx.server import NoServer
from influx.settings import Settings, SettingsError, read_settings
from influx.stack import Setup
from influx.template import manifest
from influx.trial_alert import Stopped
from influx.version import version


def moment(text: str) -> datetime:
    """A time of the command line, UTC where it names no zone. ArgumentTypeError says what is accepted."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no time; accepted: 2026-11-24, 2026-11-24T08:00:00Z") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def operator(settings: Settings) -> Database:
    """The database with every right. Forbidden: its token is nowhere."""
    token = settings.influx_token or tokens.read(settings, tokens.OPERATOR)
    if not token:
        raise Forbidden(f"{tokens.path(settings, tokens.OPERATOR)} is missing; run python -m influx setup")
    return Database(settings.url, settings.influx_org, token, tokens.OPERATOR, timeout_s=600)


def reader(settings: Settings) -> Database:
    """The database with the read-only token. Forbidden: its token is nowhere."""
    database = tokens.connect(settings, tokens.GRAFANA, timeout_s=600)
    if database is None:
        raise Forbidden(f"{tokens.path(settings, tokens.GRAFANA.name)} is missing; run python -m influx setup")
    return database


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
    database = reader(settings)
    text = sys.stdin.read() if arguments.file == "-" else Path(arguments.file).read_text()
    sys.stdout.write(database.query_csv(text).decode())


def rollup(settings: Settings, arguments: argparse.Namespace) -> None:
    """recompute hourly and daily from the raw points, for any range"""
    database = operator(settings)
    steps = rollups.steps(settings, arguments.start, arguments.stop, datetime.now(UTC))
    for step in progress.track(steps, "hourly and daily", console=Console(stderr=True)):
        rollups.run(database, step)
    windows = sum(step.windows for step in steps)
    print(f"recomputed {windows} windows from {min(step.stop - step.windows * step.every for step in steps)} on")


def rules_command(settings: Settings, arguments: argparse.Namespace) -> None:
    """check alerts.toml and list its rules; --dry-run says how often each would have fired in the last 24 h"""
    found = rules.read(settings)
    if not arguments.dry_run:
        for rule in found:
            print(f"{rule.name}: {rule.told}")
        return
    taken = dry_run.steps(list(checks(found, settings)), datetime.now(UTC).timestamp())
    shown = progress.track(taken, "the last 24 h", console=Console(stderr=True))
    for fired in dry_run.run(reader(settings), iter(shown)):
        print(fired.told)


def send_test_alert(settings: Settings, _: argparse.Namespace) -> None:
    """send one alert through the whole chain, and say at which link it stopped if it did"""
    for told in trial_alert.Trial(settings, operator(settings)).run():
        print(told, flush=True)


def serve(settings: Settings, _: argparse.Namespace) -> None:
    """run our own influxd in the foreground, brought into shape, until SIGTERM or Ctrl-C"""
    log.set_up(settings, "influx")
    server_process.serve(settings)


COMMANDS: dict[str, Callable[[Settings, argparse.Namespace], None]] = {
    "setup": setup,
    "serve": serve,
    "template": template,
    "query": query,
    "rollup": rollup,
    "rules": rules_command,
    "test-alert": send_test_alert,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m influx", description="The database's own commands.")
    parser.add_argument("--version", action="version", version=version())
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        sub = commands.add_parser(name, help=command.__doc__, description=command.__doc__)
        if name == "query":
            sub.add_argument("file", metavar="FILE", help="a Flux file, or - for standard input")
        if name == "rules":
            sub.add_argument("--dry-run", action="store_true", help="judge the last 24 h by them; nothing is written")
        if name == "rollup":
            sub.add_argument(
                "--from", dest="start", type=moment, required=True, metavar="TIME", help="RFC 3339 or a day"
            )
            sub.add_argument(
                "--to", dest="stop", type=moment, default=datetime.now(UTC), metavar="TIME", help="default now"
            )
    arguments = parser.parse_args()
    try:
        COMMANDS[arguments.command](read_settings(), arguments)
    except (SettingsError, RulesError) as error:
        print(error, file=sys.stderr)
        return 2
    except (DatabaseError, NoServer, NoWindow, Stopped, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
