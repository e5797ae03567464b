"""The one place that opens a connection to the database.

Queries come back as typed records, writes as an answer in three kinds: done, or one of the three errors below.
HTTP API: https://docs.influxdata.com/influxdb/v2/api/
"""

import csv
import io
import time
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec
import urllib3
from influxdb_client import InfluxDBClient, WriteService
from influxdb_client.rest import ApiException

from influx import flux

Row = TypeVar("Row")

DIALECT = {"header": True, "annotations": []}

NEEDED = (
    "coinwatch needs InfluxDB 2 with Flux: InfluxDB OSS 2.x, Amazon Timestream for InfluxDB 2, or InfluxDB Cloud (TSM)"
)


class DatabaseError(Exception):
    """The database did not do what was asked; the class says what the caller is to do."""


class Refused(DatabaseError):
    """The database will never take this (400, 404, 413, 422): set it aside with the server's reason."""


class Later(DatabaseError):
    """The database can't now (429, 5xx, no connection): keep what you have and try again after `after_s` seconds.

    `status` is that of HTTP, 0 where there was no answer.
    """

    def __init__(self, reason: str, after_s: float = 1.0, status: int = 0) -> None:
        super().__init__(reason)
        self.after_s, self.status = after_s, status


class Forbidden(DatabaseError):
    """The token is not good for this (401, 403): keep what you have; the operator must mend the token."""


class NoFlux(DatabaseError):
    """The server answers, but runs no Flux: the operator must name another one."""


class Database:
    """One connection pool with one token; safe to share between threads."""

    def __init__(self, url: str, org: str, token: str, token_name: str = "", timeout_s: float = 30) -> None:
        self.url, self.org, self.token_name = url, org, token_name
        self.client = InfluxDBClient(url, token, org=org, timeout=int(timeout_s * 1000), enable_gzip=False)
        # Queries go through the library's pool as they are: its own way doubles the time of a small one.
        self._pool = self.client.api_client.rest_client.pool_manager
        self._query_url = f"{url}/api/v2/query?{urlencode({'org': org})}"
        self._query_headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
        self._timeout = urllib3.Timeout(total=timeout_s)
        self._write = WriteService(self.client.api_client)

    def close(self) -> None:
        """Closes the pool."""
        self.client.close()

    def query_csv(self, text: str, options: flux.Options | None = None, now: datetime | None = None) -> bytes:
        """The CSV that a Flux text answers with; `options` travel beside it, `now` is the time it runs at."""
        try:
            response = self._pool.urlopen(
                "POST",
                self._query_url,
                body=query_body(text, options, now),
                headers=self._query_headers,
                timeout=self._timeout,
            )
            if response.status != HTTPStatus.OK:
                raise ApiException(http_resp=response)
            return bytes(response.data)
        except (ApiException, urllib3.exceptions.HTTPError) as error:
            raise self._meant(error) from error

    def query(
        self, text: str, row: type[Row], options: flux.Options | None = None, now: datetime | None = None
    ) -> list[Row]:
        """The rows that a Flux text answers with, each as `row`, a Struct that names the columns it wants."""
        return msgspec.convert(list(_rows(self.query_csv(text, options, now))), list[row], strict=False)  # type: ignore[valid-type] # the row's type is a value here

    def write(self, bucket: str, lines: bytes, *, gzipped: bool = False) -> None:
        """Writes line protocol with times in ns; returns when InfluxDB has said 204.

        Refused: of a 400 nothing was written, of a 422 all but the lines that the reason speaks of.
        Later also where there is no such bucket: setup makes it, and the lines are good.
        """
        try:
            self._write.post_write(
                self.org,
                bucket,
                lines,
                content_encoding="gzip" if gzipped else "identity",
                content_type="text/plain; charset=utf-8",
                precision="ns",
            )
        except (ApiException, urllib3.exceptions.HTTPError) as error:
            if isinstance(error, ApiException) and error.status == 404:
                raise Later(f"HTTP 404 {_reason(error)}", status=404) from error
            raise self._meant(error) from error

    def request(self, method: str, path: str, of: type[Row], body: Any = None, **query: str) -> Row:
        """One call of the HTTP API below /api/v2, its answer as `of`."""
        try:
            response = self.client.api_client.call_api(
                f"/api/v2/{path}",
                method,
                query_params=list(query.items()),
                header_params={"Content-Type": "application/json"},
                body=msgspec.to_builtins(body, enc_hook=str),
                _preload_content=False,
                _return_http_data_only=True,
            )
        except (ApiException, urllib3.exceptions.HTTPError) as error:
            raise self._meant(error) from error
        return msgspec.json.decode(response.data or b"null", type=of)

    def version(self) -> str:
        """The server's version as it states it. Later: no answer."""
        try:
            return str(self.client.version())
        except (ApiException, urllib3.exceptions.HTTPError) as error:
            raise self._meant(error) from error

    def require_version_2(self) -> None:
        """NoFlux for InfluxDB 1 and 3, by the version that the server states."""
        version = self.version().lstrip("v")
        if version.startswith(("1.", "3.")):
            raise NoFlux(f"{self.url} is InfluxDB {version}, which has no Flux tasks; {NEEDED}")

    def require_flux(self) -> None:
        """NoFlux unless the server runs Flux, as Cloud Serverless does not."""
        try:
            self.query_csv('import "array"\n\narray.from(rows: [{flux: true}])')
        except Refused as error:
            raise NoFlux(f"{self.url} (version {self.version()}) does not run Flux ({error}); {NEEDED}") from error

    def _meant(self, error: ApiException | urllib3.exceptions.HTTPError) -> DatabaseError:
        if isinstance(error, urllib3.exceptions.HTTPError):
            return Later(f"no answer from {self.url}: {_root(error)}")
        if error.status == 0:  # influxdb-client's word for a failed TLS handshake
            return Later(f"no answer from {self.url}: {' '.join(_reason(error).split())}")
        after = str(error.headers.get("Retry-After", "")) if error.headers else ""
        return refusal(self.url, self.token_name, error.status, _reason(error), after)


def query_body(text: str, options: flux.Options | None, now: datetime | None = None) -> bytes:
    """The body of POST /api/v2/query."""
    return msgspec.json.encode({"query": text, "extern": flux.extern(options or {}), "now": now, "dialect": DIALECT})


def refusal(url: str, token_name: str, status: int, why: str, retry_after: str) -> DatabaseError:
    """What a status that is no success means."""
    if status in (401, 403):
        return Forbidden(f"{url} does not accept the token {token_name or 'given'}: {why}")
    if status in (408, 429) or status >= 500:
        return Later(f"HTTP {status} {why}", _seconds(retry_after), status)
    return Refused(f"HTTP {status} {why}")


def reason(body: bytes | str, otherwise: str) -> str:
    """The message of an error's body."""
    try:
        return str(msgspec.json.decode(body or b"{}", type=dict[str, Any]).get("message") or otherwise)
    except msgspec.DecodeError:
        return otherwise


def _root(error: BaseException) -> str:
    """The innermost cause, without the addresses in memory that urllib3 puts into its messages."""
    inner = getattr(error, "reason", None) or error.__cause__ or error.__context__
    if isinstance(inner, BaseException):
        return _root(inner)
    return getattr(error, "strerror", None) or str(error)


def _reason(error: ApiException) -> str:
    return reason(error.body or b"", str(error.reason))


def _seconds(retry_after: str) -> float:
    """The seconds that a Retry-After header asks for, as a number or as a date (RFC 9110); 1 without one."""
    if retry_after.isdigit():
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except ValueError:
        return 1.0


def _rows(answer: bytes) -> Iterator[dict[str, str]]:
    """The rows of Flux CSV without annotations: each table has a header of its own behind an empty line."""
    header: list[str] = []
    for line in csv.reader(io.StringIO(answer.decode())):
        if not line or line == [""]:
            header = []
        elif not header:
            header = line
        elif header[:2] == ["error", "reference"] or header[1:3] == ["error", "reference"]:
            raise Refused(line[header.index("error")])
        else:
            yield {name: value for name, value in zip(header, line, strict=True) if value}
