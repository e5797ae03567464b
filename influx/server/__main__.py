"""`make influxd`: says which database server will be used; builds it when there is none."""

import sys

from influx import server
from influx.settings import SettingsError, read_settings


def say(text: str) -> None:
    print(f"influxd: {text}", file=sys.stderr, flush=True)


def main() -> int:
    try:
        settings = read_settings()
        if settings.influx_url:
            say(f"none of our own, INFLUX_URL names {settings.influx_url}")
        else:
            say(str(server.find_or_build(say)))
    except (server.NoServer, SettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
