"""The state of an exchange towards us, and when we may ask it again."""

from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct

from collector.decode import Changed
from collector.outcome import Banned, Blocked, Failed, Limited

Name = Literal["ok", "limited", "banned", "blocked", "changed", "down"]
NAMES: tuple[Name, ...] = ("ok", "limited", "banned", "blocked", "changed", "down")

BLOCKED_S = 3600.0


class State(Struct, frozen=True):
    """`until_s` is the moment, in Unix seconds, before which it must not be asked; 0: ask at the next tick."""

    name: Name = "ok"
    reason: str = ""
    """Stays the same while the cause does."""
    until_s: float = 0.0
    detail: str = ""
    """What the exchange sent this time."""

    @property
    def why(self) -> str:
        """Reason and detail in one text."""
        return f"{self.reason}: {self.detail}" if self.detail else self.reason

    def same(self, other: "State") -> bool:
        """Whether nothing worth telling has happened between the two."""
        return (self.name, self.reason, self.until_s) == (other.name, other.reason, other.until_s)

    def may_ask(self, now_s: float) -> bool:
        """Whether a request is allowed now."""
        return now_s >= self.until_s

    @property
    def until(self) -> str:
        """`until_s` as RFC 3339, or nothing."""
        if not self.until_s:
            return ""
        return datetime.fromtimestamp(self.until_s, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


OK = State()


def after(error: Failed | Changed, now_s: float) -> State:
    """The state that a failure leads to."""
    match error:
        case Banned():
            return State("banned", str(error), error.until_s)
        case Limited():
            return State("limited", str(error), error.until_s)
        case Blocked():
            return State("blocked", str(error), now_s + BLOCKED_S)
        case Changed():
            return State("changed", "an answer of another shape", detail=str(error))
    return State("down", str(error))
