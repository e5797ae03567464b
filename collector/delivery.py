"""One batch to the database, its good lines whatever the bad ones are: written, refused, kept.

Measured on InfluxDB 2.9.1: a line that can't be parsed makes it write nothing of a batch (400, the reason quotes every
such line). A field of another type, or a time outside the bucket's retention, makes it write all other lines (422, the
reason says how many it dropped, hardly ever which). So what is quoted is taken out, and the rest is halved until the
bad lines stand alone. To send a good line again is no harm: the same series and time is the same point.
"""

import re
from collections.abc import Callable, Sequence

from msgspec import Struct, field

from influx.client import DatabaseError, Forbidden, Later, Refused

REASON_SHOWN = 500  # characters; a reason can quote every line of the batch

QUOTED = re.compile(r"unable to parse '(.*)': (.*)$", re.MULTILINE)
DROPPED = re.compile(r"\bdropped=(\d+)\b")


class Refusal(Struct, frozen=True):
    """A line that the database will never take, and why in its words."""

    line: bytes
    reason: str


class Outcome(Struct):
    """What became of a batch's lines. `why` is there when some were kept: the database can't take them now."""

    written: int = 0
    refused: list[Refusal] = field(default_factory=list)
    kept: int = 0
    why: DatabaseError | None = None


def deliver(write: Callable[[bytes], None], lines: Sequence[bytes], refused: Refused | None = None) -> Outcome:
    """Writes all lines that can be written; `refused` is what was said to all of them already."""
    outcome = Outcome()
    parts = [(lines, refused)] if lines else []
    while parts:
        part, known = parts.pop()
        try:
            if known is None:
                write(b"\n".join(part))
                outcome.written += len(part)
                continue
        except Refused as error:
            known = error
        except (Later, Forbidden) as error:
            outcome.kept, outcome.why = len(part) + sum(len(rest) for rest, _ in parts), error
            return outcome
        bad, others = _judge(part, str(known))
        outcome.refused += bad
        parts += [(other, None) for other in others if other]
    return outcome


def _judge(part: Sequence[bytes], reason: str) -> tuple[list[Refusal], list[Sequence[bytes]]]:
    """Of lines refused together: those that are surely bad, and the parts to try on their own."""
    quoted = {line.encode(): why for line, why in QUOTED.findall(reason)}
    bad = [Refusal(line, quoted[line][:REASON_SHOWN]) for line in part if line in quoted]
    if bad:
        return bad, [[line for line in part if line not in quoted]]
    dropped = DROPPED.search(reason)
    if len(part) == 1 or (dropped and int(dropped[1]) == len(part)):
        return [Refusal(line, reason[:REASON_SHOWN]) for line in part], []
    half = len(part) // 2
    return [], [part[half:], part[:half]]
