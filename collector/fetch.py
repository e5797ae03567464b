"""One GET of an exchange: the answer's bytes, or the class of failure that tells the poller what to do."""

import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

import requests
import urllib3
from urllib3.exceptions import ReadTimeoutError

from collector.deadline import TimeOver, guarded_session
from collector.decode import SHOWN, Changed
from collector.outcome import Banned, Blocked, Down, Limited, Stopped
from influx.version import version

CONNECT_S = 10.0
PAUSE_S = 60.0  # after a 429 that names no time
BAN_S = 600.0  # after a 418 that names no time
LONGEST_S = 3 * 86_400.0  # the longest ban that an exchange's documents speak of; more is taken for an error


class Fetcher:
    """The requests of one exchange: one session, one deadline at a time; used by one thread at a time."""

    def __init__(self, base_url: str, clock: Callable[[], float] = time.time) -> None:
        self.base_url = base_url.rstrip("/")
        self.headers: dict[str, str] = {}
        """The last answer's headers, names in lower case."""
        self._clock = clock
        self._session, self._guard = guarded_session()
        self._session.headers["User-Agent"] = f"coinwatch/{version()}"

    def stop(self) -> None:
        """Ends the request under way; it and all that follow raise Stopped. May be called from another thread."""
        self._guard.stop()

    def pause(self, seconds: float) -> bool:
        """Waits; True at once when we are stopping."""
        return self._guard.stopped.wait(seconds)

    def close(self) -> None:
        """Closes the session's connections."""
        self._session.close()

    def get(self, path: str, deadline_s: float) -> bytes:
        """The body of an answer 200, all of it within `deadline_s` seconds.

        Raises Limited, Banned, Blocked, Down, Stopped, or Changed when the exchange does not know the path.
        """
        if self._guard.stopped.is_set():
            raise Stopped
        if deadline_s <= 0:
            raise Down("no time left before the next tick")
        timeout = (min(CONNECT_S, deadline_s), deadline_s)
        try:
            with self._guard.within(deadline_s):
                response = self._session.get(self.base_url + path, timeout=timeout, stream=True)
                # In one piece: requests' own pieces of 10 kB take three times the CPU for an answer of some megabytes.
                raw = bytes(response.raw.read(decode_content=True))
        except (TimeOver, requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if self._guard.stopped.is_set():
                raise Stopped from error
            if self._guard.passed.is_set() or isinstance(error, requests.Timeout | ReadTimeoutError):
                raise Down("no whole answer in time") from error
            raise Down(f"no answer: {_cause(error)}") from error
        self.headers = {name.lower(): value for name, value in response.headers.items()}
        if self._guard.passed.is_set():
            raise Down("no whole answer in time")
        return self._body(response, raw)

    def _body(self, response: requests.Response, raw: bytes) -> bytes:
        status = response.status_code
        said = f"HTTP {status} {response.reason or ''}".rstrip()
        match status:
            case 200:
                return raw
            case 418:
                raise Banned(said, self._until(response, BAN_S))
            case 429:
                raise Limited(said, self._until(response, PAUSE_S))
            case 403 | 451:
                raise Blocked(said)
            case _ if status == 503 and "Retry-After" in response.headers:
                raise Limited(said, self._until(response, PAUSE_S))
            case _ if status >= 500 or status == 408:
                raise Down(said)
        raise Changed(f"{said}; the answer begins {raw[:SHOWN].decode(errors='replace')!r}")

    def _until(self, response: requests.Response, otherwise_s: float) -> float:
        now_s = self._clock()
        return now_s + min(retry_after(response.headers.get("Retry-After", ""), now_s, otherwise_s), LONGEST_S)


def retry_after(text: str, now_s: float, otherwise_s: float) -> float:
    """The seconds that a Retry-After header asks for, as a number or as a date (RFC 9110)."""
    if text.strip().isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now_s)
    except ValueError:
        return otherwise_s


def _cause(error: BaseException) -> str:
    """The innermost reason, without the addresses and counts that differ from try to try."""
    inner = getattr(error, "reason", None) or (error.args[0] if error.args else None)
    if isinstance(inner, BaseException):
        return _cause(inner)
    if isinstance(error.__cause__ or error.__context__, OSError):
        cause = error.__cause__ or error.__context__
        return getattr(cause, "strerror", None) or str(cause)
    return getattr(error, "strerror", None) or str(error)
