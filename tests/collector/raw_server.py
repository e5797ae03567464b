"""For tests: a server on a real socket that says just the bytes it is told to, as slowly as it is told to."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Talk = Callable[[socket.socket, threading.Event], None]


@contextmanager
def raw_server(talk: Talk) -> Iterator[str]:
    """The address of a server that hands each connection to `talk`, whose event says that the test is over."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

        def answer(connection: socket.socket) -> None:
            with connection:
                connection.recv(65_536)
                try:
                    talk(connection, over)
                except OSError:
                    return  # the client has gone, as it should

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def trickle(head: bytes, byte: bytes, every_s: float = 0.05) -> Talk:
    """Says `head`, then one byte now and then for ever: a socket's own timeout never comes."""

    def talk(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(head)
        while not over.wait(every_s):
            connection.sendall(byte)

    return talk


def hang(connection: socket.socket, over: threading.Event) -> None:
    """Never says anything."""
    over.wait()
