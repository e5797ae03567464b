"""A session whose requests end at a wall-clock deadline, whatever the server does.

A socket's timeout counts from the last byte, so a server that trickles would hold a poll for ever. Here a timer
shuts the connections of the session when the time is over; the reader then meets the end of its stream.
"""

import contextlib
import socket
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

RETRY = urllib3.Retry(
    total=2,
    backoff_factor=0.25,
    backoff_jitter=0.25,
    status_forcelist=(500, 502, 503, 504),
    allowed_methods=("GET",),
    raise_on_status=False,
    # A pause that the exchange asks for is kept as its state, not slept through here.
    respect_retry_after_header=False,
)


class TimeOver(Exception):
    """A connection was wanted after the deadline. No error of the network, so urllib3 does not try it again."""


class Guard:
    """The connections of one session, and whether their time is over; `stopped`: for good."""

    def __init__(self) -> None:
        self.passed = threading.Event()
        self.stopped = threading.Event()
        self._lock = threading.Lock()
        # Sockets, not connections: one that the server will close has left its connection before its body is read.
        self._open: weakref.WeakSet[socket.socket] = weakref.WeakSet()

    def check(self) -> None:
        """TimeOver once the time is over."""
        if self.passed.is_set():
            raise TimeOver

    def watch(self, connection: HTTPConnection) -> None:
        """Takes a new connection's socket under guard. TimeOver: it comes too late."""
        assert connection.sock is not None
        with self._lock:
            self._open.add(connection.sock)
        if self.passed.is_set():
            connection.close()
        self.check()

    @contextlib.contextmanager
    def within(self, deadline_s: float) -> Iterator[None]:
        """What runs inside meets shut connections once `deadline_s` seconds are over."""
        self.passed.clear()
        timer = threading.Timer(0 if self.stopped.is_set() else deadline_s, self._end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def stop(self) -> None:
        """Ends what is under way and whatever would follow."""
        self.stopped.set()
        self._end()

    def _end(self) -> None:
        self.passed.set()
        with self._lock:
            sockets = list(self._open)
        for one in sockets:
            with contextlib.suppress(OSError):  # it has just ended by itself
                one.shutdown(socket.SHUT_RDWR)


class GuardedAdapter(HTTPAdapter):
    """requests' own adapter, with connections that report to a guard."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        super().__init__(max_retries=RETRY)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _guarded(self._guard)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = _guarded(self._guard)
        return manager


def _guarded(guard: Guard) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def connect(self) -> None:
            guard.check()
            super().connect()
            guard.watch(self)

    class Encrypted(HTTPSConnection):
        def connect(self) -> None:
            guard.check()
            super().connect()
            guard.watch(self)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}


def guarded_session() -> tuple[requests.Session, Guard]:
    """A session with our retries and its guard."""
    session, guard = requests.Session(), Guard()
    for scheme in ("http://", "https://"):
        session.mount(scheme, GuardedAdapter(guard))
    return session, guard
