"""The one logging set-up of all services: console and home/logs/<service>.log, text or one JSON object a line, UTC.

Loggers are named coinwatch.<part>. What a record carries as `extra` are further members of its JSON object.
"""

import logging
import sys
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from typing import Any

import msgspec

from influx.settings import Settings

NOISY = ("urllib3", "schedule", "apprise")
"""Libraries that report what we report ourselves, once an outage instead of once a try."""

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


def set_up(settings: Settings, service: str) -> None:
    """Makes this process log as `service`. Called once, at the start of a process; again, it replaces what was."""
    folder = settings.home / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    formatter = JsonLine() if settings.log_format == "json" else TextLine()
    # A file that logrotate has moved is opened anew, and several processes may append to the same one.
    handlers: list[logging.Handler] = [
        logging.StreamHandler(sys.stderr),
        WatchedFileHandler(folder / f"{service}.log", encoding="utf-8"),
    ]
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    for handler in handlers:
        handler.setFormatter(formatter)
        handler.addFilter(no_noise)
        root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("coinwatch").setLevel(logging.INFO)


def no_noise(record: logging.LogRecord) -> bool:
    """Whether a record is none of a noisy library's. By handler, since influxdb-client sets urllib3's own level."""
    return record.name.partition(".")[0] not in NOISY


class TextLine(logging.Formatter):
    """2026-11-24T08:16:29Z WARNING coinwatch.poller kraken: no quotes since ..."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 # logging's own name
        return utc(record.created, "seconds")


class JsonLine(logging.Formatter):
    """The record as one JSON object: time, level, logger, message, `extra`, and exception where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update((name, value) for name, value in vars(record).items() if name not in STANDARD)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line, enc_hook=str).decode()


def utc(moment_s: float, precision: str) -> str:
    """A moment as RFC 3339 in UTC."""
    return datetime.fromtimestamp(moment_s, UTC).isoformat(timespec=precision).replace("+00:00", "Z")
