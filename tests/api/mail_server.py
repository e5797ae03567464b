"""A mail server in a process of its own: python -m tests.api.mail_server FOLDER. It keeps each mail as a file.

It prints its port, and refuses every mail for now (451) while FOLDER holds a file `refuse`.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

REFUSE = "refuse"


class Keeper:
    """Keeps what comes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 # aiosmtpd's own name
        """Takes or refuses one mail."""
        if (self.folder / REFUSE).exists():
            return "451 try again later"
        self.count += 1
        assert isinstance(envelope.content, bytes)
        (self.folder / f"{self.count:04}.eml").write_bytes(envelope.content)
        return "250 kept"


@contextmanager
def running(folder: Path) -> Iterator[int]:
    """The server's port while the block runs."""
    command = [sys.executable, "-m", "tests.api.mail_server", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def mails(folder: Path) -> list[tuple[str, str]]:
    """Subject and text of each mail, in the order in which they came."""
    found = []
    for path in sorted(folder.glob("*.eml")):
        mail = message_from_bytes(path.read_bytes(), policy=default)
        body = mail.get_body(("plain", "html"))
        found.append((str(mail["Subject"]), body.get_content() if body else ""))
    return found


async def serve(folder: Path) -> None:
    """Serves until it is told to stop."""
    controller = Controller(Keeper(folder), hostname="127.0.0.1", port=0)
    server = await asyncio.get_running_loop().create_server(controller.factory, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 # the port is what the parent waits for
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
