"""Optional API keys: a file of names and hashes, so a copy of it opens nothing; compared in constant time.

A key is 32 random bytes, so one round of SHA-256 is as good as a slow hash.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from influx.settings import SettingsError

LINE = re.compile(r"([\w.-]{1,64}) ([0-9a-f]{64})")


class Keys:
    """The keys of a file, read once at start. SettingsError: it can't be read or a line is none of ours."""

    def __init__(self, path: Path) -> None:
        try:
            lines = path.read_text().splitlines()
        except OSError as error:
            raise SettingsError(f"COINWATCH_API_KEYS is {path}, which can't be read: {error.strerror}") from error
        self._names: list[tuple[str, bytes]] = []
        for number, line in enumerate(lines, 1):
            match = LINE.fullmatch(line)
            if match is None:
                raise SettingsError(f"{path}, line {number}: accepted is NAME HASH, as `python -m api key NAME` writes")
            self._names.append((match[1], bytes.fromhex(match[2])))

    def name(self, given: Mapping[bytes, bytes]) -> str | None:
        """Whose key the headers bring (X-API-Key or a bearer token), None when it is nobody's."""
        key = given.get(b"x-api-key") or given.get(b"authorization", b"").removeprefix(b"Bearer ")
        digest = hashlib.sha256(key).digest()
        found = None
        for name, known in self._names:
            if hmac.compare_digest(digest, known):
                found = name
        return found


def add(path: Path, name: str) -> str:
    """Makes a key for `name`, keeps its hash and gives the key, which is shown this once. ValueError: a bad name."""
    key = secrets.token_urlsafe(32)
    line = f"{name} {hashlib.sha256(key.encode()).hexdigest()}"
    if LINE.fullmatch(line) is None:
        raise ValueError(f"{name!r} is no name; accepted: up to 64 letters, digits, dots, hyphens")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with path.open("a") as file:
        file.write(line + "\n")
    return key
