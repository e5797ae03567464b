"""Alert rules as data: alerts.toml becomes typed rules. What they make the database do is in check.py.

A malformed rule is named by file and line, with what is accepted; the rules in force stay. Format: docs/alerts.md.
"""

import logging
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta, Struct, field

from influx.settings import Settings, seconds

log = logging.getLogger("coinwatch.rules")

DEFAULT = Path(__file__).parent / "alerts.toml"
DAY_S = 86_400
NAME = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"


class RulesError(Exception):
    """The rules' file is malformed; the operator must mend it. The message says where, and what is accepted."""


class Duration(int):
    """Seconds, written 90s, 5m, 2h, 1d."""


def accepts(words: str, **bounds: Any) -> Meta:
    """What a key accepts, in words, and its bounds."""
    return Meta(description=words, **bounds)


Names = list[Annotated[str, Meta(min_length=1)]]


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every kind of rule has."""

    kind: ClassVar[str]

    name: Annotated[
        str,
        accepts(
            "words of a to z and 0 to 9, joined by _, at most 40, given to one rule only", pattern=NAME, max_length=40
        ),
    ]
    metric: Annotated[
        Literal["price", "volume", "traded"],
        accepts("`price`, `volume` (24 hours) or `traded` (of the minute, where candles are watched)"),
    ]
    held: Annotated[Duration, accepts("how long it must have held, to 1d: 90s, 5m")] = field(
        default=Duration(0), name="for"
    )
    floor: Annotated[
        float, accepts("the least turnover in quote currency: of the minute for `traded`, else of 24 hours", ge=0)
    ] = 0.0
    pairs: Annotated[Names, accepts('names, * for any letters: ["btcusd", "*usdt"]')] = []
    exchanges: Annotated[Names, accepts("names of exchanges, * for any letters")] = []
    channels: Annotated[Names, accepts("names of channels; none given: all of them")] = []
    cool_down: Annotated[Duration, accepts("how long it must be quiet before an episode is over, to 1d")] = Duration(
        600
    )
    further: Annotated[
        float, accepts("how many times its last told ratio a new high must be to be told, 1 or more", ge=1)
    ] = 1.5

    @property
    def told(self) -> str:
        """The rule in words."""
        keys = {one.encode_name: getattr(self, one.name) for one in msgspec.structs.fields(type(self))}
        given = [f"{key} {value}" for key, value in keys.items() if value and key != "name"]
        return ", ".join([self.kind, *given])


class Ratio(Rule, tag="ratio", frozen=True, kw_only=True):
    """The value exceeds `factor` times the mean of the hour before it."""

    kind = "ratio"
    factor: Annotated[float, accepts("a number above 1", gt=1)]
    fewest: Annotated[int, accepts("how many values the hour must have, 1 to 3600", ge=1, le=3600)] = 10


class Move(Rule, tag="move", frozen=True, kw_only=True):
    """The value is `percent` away from its lowest (up) or highest (down) within the time before it."""

    kind = "move"
    percent: Annotated[float, accepts("a number above 0, under 100 unless the direction is up", gt=0)]
    within: Annotated[Duration, accepts("a length of time, 10s to 1d")]
    direction: Annotated[Literal["up", "down", "both"], accepts("`up`, `down` or `both`")] = "both"


class Level(Rule, tag="level", frozen=True, kw_only=True):
    """The value is above or below a level."""

    kind = "level"
    above: Annotated[float | None, accepts("a number above 0, or `below` instead")] = None
    below: Annotated[float | None, accepts("a number above 0, or `above` instead")] = None


KINDS: dict[str, type[Rule]] = {kind.kind: kind for kind in (Ratio, Move, Level)}


def path(settings: Settings) -> Path:
    """The file that the operator edits."""
    return Path(settings.rules) if settings.rules else settings.home / "alerts.toml"


def in_force_path(settings: Settings) -> Path:
    """The copy of the rules that the database was last set up with."""
    return settings.home / "alerts.in-force.toml"


def read(settings: Settings) -> list[Rule]:
    """The rules of the operator's file, which is made from the default where there is none. RulesError."""
    file = path(settings)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(DEFAULT.read_text())
    return parse(file.read_text(), str(file))


def in_force(settings: Settings) -> list[Rule]:
    """The rules that the database was last set up with; the default before that."""
    file = in_force_path(settings)
    try:
        return parse(file.read_text(), str(file))
    except FileNotFoundError:
        pass
    except RulesError as error:
        log.error("%s; the default rules are in force", error)
    return parse(DEFAULT.read_text(), str(DEFAULT))


def current(settings: Settings) -> list[Rule]:
    """The rules of the operator's file, or those in force where it is malformed, which is logged."""
    try:
        return read(settings)
    except RulesError as error:
        log.error("%s; the rules in force stay", error)
        return in_force(settings)


def stamp(settings: Settings) -> int:
    """What changes when the operator's file does."""
    try:
        return path(settings).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def are_in_force(settings: Settings) -> bool:
    """Whether the operator's file is what the database was last set up with."""
    copy = in_force_path(settings)
    return copy.exists() and copy.read_text() == path(settings).read_text()


def put_in_force(settings: Settings) -> None:
    """Notes that the database has been set up with the operator's file; a malformed one changes nothing."""
    try:
        read(settings)
    except RulesError:
        return
    target = in_force_path(settings)
    draft = target.with_name(f".{target.name}")
    draft.write_text(path(settings).read_text())
    draft.replace(target)


def parse(text: str, name: str) -> list[Rule]:
    """The rules of a file's text. RulesError."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulesError(f"{name}: {error}") from error
    tables = document.pop("rule", [])
    if document or not isinstance(tables, list):
        raise RulesError(f"{name}: {', '.join(document) or 'rule'} is not accepted here; accepted: [[rule]] tables")
    rules = [_rule(table, number, text, name) for number, table in enumerate(tables)]
    seen: set[str] = set()
    for number, rule in enumerate(rules):
        if rule.name in seen:
            line = _line(text, number, "name")
            raise RulesError(f"{name}, line {line}: name is {rule.name!r} again; {_accepted(type(rule), 'name')}")
        seen.add(rule.name)
    return rules


def _rule(table: Any, number: int, text: str, name: str) -> Rule:
    kind = KINDS.get(str(table.get("kind"))) if isinstance(table, dict) else None
    if kind is None:
        given = table.get("kind") if isinstance(table, dict) else table
        raise RulesError(f"{name}, line {_line(text, number, 'kind')}: kind is {given!r}; accepted: {', '.join(KINDS)}")
    try:
        rule = msgspec.convert(table, kind, dec_hook=_duration)
    except msgspec.ValidationError as error:
        key = _key(str(error))
        line = _line(text, number, key)
        if key in table:
            told = f"{key} is {table[key]!r}" if key in _keys(kind) else f"{key} is no key of a {kind.kind} rule"
        else:
            told = f"{key} is missing"
        raise RulesError(f"{name}, line {line}: {told}; {_accepted(kind, key)}") from None
    key = _inconsistent(rule)
    if key:
        raise RulesError(
            f"{name}, line {_line(text, number, key)}: {key} is {table.get(key)!r}; {_accepted(kind, key)}"
        )
    return rule


def _inconsistent(rule: Rule) -> str:
    """The key whose value goes with none of the others, empty if all is well."""
    for key, value in (("for", rule.held), ("cool_down", rule.cool_down)):
        if value > DAY_S:
            return key
    match rule:
        case Move(within=within) if not 10 <= within <= DAY_S:
            return "within"
        case Move(direction="down" | "both", percent=percent) if percent >= 100:
            return "percent"
        case Level(above=above, below=below) if (above is None) == (below is None) or (above or below or 0) <= 0:
            return "above" if below is None else "below"
    return ""


def _duration(kind: type, value: object) -> Any:
    if kind is Duration and isinstance(value, str):
        return Duration(seconds(value))
    raise ValueError


def _key(error: str) -> str:
    named = re.search(r"field `([^`]+)`", error) or re.search(r"at `\$\.(\w+)", error)
    return named[1] if named else "name"


def _keys(kind: type[Rule]) -> dict[str, str]:
    """Every key of a kind and what it accepts."""
    told = {"kind": ", ".join(f"`{name}`" for name in KINDS)}
    for one in msgspec.structs.fields(kind):
        told[one.encode_name] = one.type.__metadata__[-1].description
    return told


def _accepted(kind: type[Rule], key: str) -> str:
    keys = _keys(kind)
    return f"accepted: {keys[key]}" if key in keys else f"accepted: {', '.join(keys)}"


def _line(text: str, number: int, key: str) -> int:
    """The line of a key of the rule so numbered, or of the rule's heading."""
    heading, found = 1, -1
    for line_number, line in enumerate(text.splitlines(), 1):
        if re.match(r"\s*\[\[\s*rule\s*\]\]", line):
            found += 1
            heading = line_number if found == number else heading
        elif found == number and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
            return line_number
    return heading
