"""The typed settings record: every variable, its default, bounds and meaning stand here and nowhere else.

The variables, the README's table, .env.example and the error texts are all made from it.
A variable is COINWATCH_ and the field's name in capitals, unless the field names its own.
"""

import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

PREFIX = "COINWATCH_"
UNIT_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class Secret(str):
    """A string that shows itself only when asked by str(): never in a repr, a log or a traceback."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret(…)"


class SettingsError(Exception):
    """A variable is unknown or malformed; the operator must mend it. The message says what is accepted."""


def about(
    meaning: str,
    *,
    ge: int | None = None,
    le: int | None = None,
    unit: str | None = None,
    env: str | None = None,
    shown: str = "",
) -> Meta:
    """What the docs and the error texts say of a setting; `shown` replaces a default that can't be written."""
    return Meta(ge=ge, le=le, description=meaning, extra={"unit": unit, "env": env, "shown": shown})


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings; `Settings()` holds the defaults, `read_settings()` what the environment says."""

    home: Annotated[Path, about("everything that the service keeps: influxd's files, spool, tokens, logs")] = Path(
        ".coinwatch"
    )
    log_format: Annotated[Literal["text", "json"], about("`json`: one object a line")] = "text"

    api_host: Annotated[str, about("where the API listens")] = "127.0.0.1"
    api_port: Annotated[int, about("the API's port", ge=1, le=65_535)] = 8000
    api_workers: Annotated[int, about("API processes; 0: as many as cores", ge=0, le=64)] = 0
    api_rate: Annotated[int, about("requests a minute that one client may send; 0: as many as it likes", ge=0)] = 0
    api_keys: Annotated[
        str, about("a file of API keys (`python -m api key NAME` adds one): each request must bring one", shown="none")
    ] = ""
    api_origins: Annotated[
        list[str], about("comma-separated origins whose pages may call the API; `*`: every one", shown="none")
    ] = []

    influx_port: Annotated[int, about("where our own influxd listens", ge=1, le=65_535)] = 8086
    influx_url: Annotated[str, about("an InfluxDB 2 that runs elsewhere, instead of our own", env="INFLUX_URL")] = ""
    influx_org: Annotated[str, about("its organisation", env="INFLUX_ORG")] = "coinwatch"
    influx_token: Annotated[
        Secret, about("an operator token for it; `INFLUX_TOKEN_FILE` names a file that holds it", env="INFLUX_TOKEN")
    ] = Secret()
    hook_url: Annotated[
        str, about("where InfluxDB brings its notifications", shown="`/hooks/influxdb` at the API's address")
    ] = ""
    retention: Annotated[int, about("how long raw quotes and candles are kept", unit="d", ge=3 * 86_400)] = 7 * 86_400
    silent_after: Annotated[
        int, about("a pair leaves the board once its last point is older", unit="m", ge=60, le=86_400)
    ] = 15 * 60
    query_memory: Annotated[int, about("memory of one query in influxd, MB", ge=64)] = 4096
    query_concurrency: Annotated[int, about("queries that influxd runs at once", ge=1)] = 16

    exchanges: Annotated[list[str], about("comma-separated names", shown="all native ones")] = []
    interval: Annotated[int, about("a poll every so often", unit="s", ge=5, le=60)] = 60
    backfill: Annotated[bool, about("0: no candles are fetched at first start")] = True
    history_share: Annotated[
        int, about("percent of an exchange's request limit for filling in candles", ge=1, le=50)
    ] = 25
    watch: Annotated[
        list[str],
        about(
            "pairs of each exchange whose candles are fetched every minute: how many, or their names; 0: none",
            shown="the 50 most traded, as far as half the limit allows",
        ),
    ] = []
    discover: Annotated[int, about("how often exchanges are asked for their pairs", unit="s", ge=5)] = 3600
    series_limit: Annotated[int, about("most series that are collected, all exchanges together", ge=1)] = 100_000
    spool_limit: Annotated[
        int, about("most that the spool takes on the disk, MB; at the bound collecting waits", ge=1)
    ] = 10_000
    collector_host: Annotated[str, about("where the collector shows its telemetry, and the API looks for it")] = (
        "127.0.0.1"
    )
    collector_port: Annotated[int, about("the telemetry's port", ge=0, le=65_535, shown="the API's port + 10")] = 0
    exchange_urls: Annotated[
        dict[str, str],
        about(
            "base address of one exchange, e.g. `COINWATCH_KRAKEN_URL=http://127.0.0.1:9000`",
            env="COINWATCH_<EXCHANGE>_URL",
            shown="the exchange's own",
        ),
    ] = {}

    simulate: Annotated[bool, about("1: the built-in exchange simulator takes the place of every exchange")] = False
    simulator_port: Annotated[int, about("the simulator's port", ge=1, le=65_535)] = 8900

    channels: Annotated[
        Secret,
        about(
            "where alerts are told: `name=URL` of Apprise, several separated by spaces;"
            " `COINWATCH_CHANNELS_FILE` names a file that holds them"
        ),
    ] = Secret()
    public_url: Annotated[str, about("the page's address as people reach it, for links", shown="the API's address")] = (
        ""
    )
    rules: Annotated[str, about("the alert rules", shown="`alerts.toml` in the home")] = ""

    @property
    def url(self) -> str:
        """Address of the database."""
        return self.influx_url or f"http://127.0.0.1:{self.influx_port}"

    @property
    def telemetry_port(self) -> int:
        """Where the collector shows its telemetry."""
        return self.collector_port or self.api_port + 10

    @property
    def page_url(self) -> str:
        """Address of the page as people reach it."""
        return self.public_url.rstrip("/") or self.api_url

    @property
    def api_url(self) -> str:
        """Address of the API as seen from this machine."""
        return f"http://{self.api_host}:{self.api_port}"


class Variable(Struct, frozen=True):
    """One row of the settings table."""

    name: str
    field: str
    type: Any
    default: Any
    unit: str | None
    meaning: str
    shown: str


def variables() -> list[Variable]:
    """Every variable in the record's order."""
    rows = []
    for field in msgspec.structs.fields(Settings):
        meta = field.type.__metadata__[-1]
        default = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
        rows.append(
            Variable(
                name=meta.extra["env"] or PREFIX + field.name.upper(),
                field=field.name,
                type=field.type,
                default=default,
                unit=meta.extra["unit"],
                meaning=meta.description,
                shown=meta.extra["shown"],
            )
        )
    return rows


def write_value(variable: Variable, value: Any) -> str:
    """A value as the variable is written: 60s, 7d, 1, a,b."""
    if variable.unit:
        return f"{value // UNIT_S[variable.unit]}{variable.unit}"
    if isinstance(value, bool):
        return str(int(value))
    return ",".join(value) if isinstance(value, list | dict) else str(value)


def seconds(text: str) -> int:
    """The seconds of a duration such as 90, 90s, 5m, 24h, 7d. ValueError if it is none."""
    match = re.fullmatch(r"(\d+)([smhd]?)", text.strip())
    if match is None:
        raise ValueError(text)
    return int(match[1]) * UNIT_S[match[2] or "s"]


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings that the environment gives. SettingsError names the variable and what is accepted."""
    known = {variable.name: variable for variable in variables()}
    values: dict[str, Any] = {}
    urls: dict[str, str] = {}
    for name, text in environ.items():
        if name in known:
            values[known[name].field] = _parse(known[name], text)
        elif name.removesuffix("_FILE") in known and known[name.removesuffix("_FILE")].type.__origin__ is Secret:
            values[known[name.removesuffix("_FILE")].field] = _read_secret(name, text)
        elif match := re.fullmatch(PREFIX + "([A-Z0-9_]+)_URL", name):
            urls[match[1].lower()] = text.rstrip("/")
        elif name.startswith(PREFIX):
            raise SettingsError(f"{name} is no setting{_nearest(name, known)}")
    return Settings(**values, exchange_urls=urls)


def _nearest(name: str, known: Mapping[str, Variable]) -> str:
    stems = {other.removeprefix(PREFIX): other for other in known}  # the prefix alone makes all of them alike
    near = difflib.get_close_matches(name.removeprefix(PREFIX), stems, n=1)
    return f"; did you mean {stems[near[0]]}?" if near else "; accepted: " + ", ".join(known)


def _read_secret(name: str, path: str) -> Secret:
    try:
        return Secret(Path(path).read_text().strip())
    except OSError as error:
        raise SettingsError(f"{name} is {path}, which can't be read: {error.strerror}") from error


def _parse(variable: Variable, text: str) -> Any:
    try:
        return msgspec.convert(_plain(variable, text), variable.type, strict=False)
    except (ValueError, msgspec.ValidationError):
        raise SettingsError(f"{variable.name} is {text}; accepted: {accepted(variable)}") from None


def _plain(variable: Variable, text: str) -> Any:
    of = variable.type.__origin__
    if variable.unit:
        return seconds(text)
    if of is Path or of is Secret:
        return of(text)
    if of is bool and text not in ("0", "1"):
        raise ValueError(text)
    if of == list[str]:
        return [part.strip().lower() for part in text.split(",") if part.strip()]
    return text


def accepted(variable: Variable) -> str:
    """What a variable accepts, in words."""
    kind = msgspec.inspect.type_info(variable.type)
    while isinstance(kind, msgspec.inspect.Metadata):
        kind = kind.type
    match kind:
        case msgspec.inspect.BoolType():
            return "0, 1"
        case msgspec.inspect.LiteralType(values=values):
            return ", ".join(map(str, values))
        case msgspec.inspect.IntType(ge=low, le=high):
            low_text = write_value(variable, low)
            return f"{low_text} to {write_value(variable, high)}" if high is not None else f"{low_text} or more"
    return variable.meaning
