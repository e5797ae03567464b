"""`python -m influx.handout FOLDER`: after setup, gives each container its own tokens and no other, the API the rules.

FOLDER holds a folder a service, each the home of that service's container (docker-compose.yml mounts them).
"""

import argparse
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from influx import rules, tokens
from influx.client import Forbidden
from influx.settings import Settings, SettingsError, read_settings

ADMIN = "grafana-admin"
"""The password of Grafana's user admin, made once."""

NEEDS = {
    "collector": (tokens.COLLECTOR.name,),
    "api": (tokens.API.name, tokens.JUDGE.name, tokens.HOOK),
    "grafana": (tokens.GRAFANA.name, ADMIN),
}


def hand_out(settings: Settings, folder: Path) -> Iterator[str]:
    """Writes what differs and says it. Forbidden: setup has not made a token."""
    yield from _hand_rules(settings, replace(settings, home=folder / "api"))
    if tokens.read(settings, ADMIN) is None:
        tokens.keep(settings, ADMIN, secrets.token_urlsafe(16))
    for service, names in NEEDS.items():
        home = replace(settings, home=folder / service)
        for name in names:
            token = tokens.read(settings, name)
            if token is None:
                raise Forbidden(f"{tokens.path(settings, name)} is missing; run python -m influx setup")
            if tokens.read(home, name) != token:
                tokens.keep(home, name, token)
                yield f"gave {service} the token {name}"


def _hand_rules(settings: Settings, api: Settings) -> Iterator[str]:
    """The API judges late ticks by the rules that the database was set up with."""
    made, handed = rules.in_force_path(settings), rules.in_force_path(api)
    if made.exists() and not (handed.exists() and handed.read_text() == made.read_text()):
        draft = handed.with_name(f".{handed.name}")
        handed.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(made.read_text())
        draft.replace(handed)
        yield "gave api the rules in force"


def main() -> int:
    """0 when each has its tokens, 1 when setup has not made them, 2 when a setting or the usage is wrong."""
    parser = argparse.ArgumentParser(prog="python -m influx.handout", description="Gives each container its tokens.")
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="where each service's home is mounted")
    folder = parser.parse_args().folder
    try:
        for line in hand_out(read_settings(), folder):
            sys.stdout.write(f"{line}\n")
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except (Forbidden, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
