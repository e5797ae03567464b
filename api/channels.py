"""Where people are told: named channels, each an Apprise URL. https://github.com/caronc/apprise/wiki

The URLs hold secrets: they are in no log line and in no error.
"""

import re
from collections.abc import Mapping, Sequence

from influx.check import pattern
from influx.settings import Secret, Settings, SettingsError

ACCEPTED = "name=URL, several separated by spaces or lines, where a name is made of a to z, 0 to 9, _ and -"


def channels(settings: Settings) -> dict[str, Secret]:
    """The channels by name. SettingsError says which one is malformed, not what stands there."""
    found: dict[str, Secret] = {}
    for number, entry in enumerate(settings.channels.split(), 1):
        match = re.fullmatch(r"([a-z0-9_-]+)=(\w+://.*)", entry)
        if match is None:
            raise SettingsError(f"COINWATCH_CHANNELS: entry {number} is malformed; accepted: {ACCEPTED}")
        if match[1] in found:
            raise SettingsError(f"COINWATCH_CHANNELS: {match[1]} is there twice; accepted: {ACCEPTED}")
        found[match[1]] = Secret(match[2])
    return found


def chosen(names: Mapping[str, Secret], wanted: Sequence[str]) -> list[str]:
    """The channels that a rule asks for; all where it names none."""
    return [name for name in names if re.match(pattern(wanted), name)]
