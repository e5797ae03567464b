"""Why a request gave nothing to read. The class says what the poller is to do; `Changed` of decode.py is one more."""


class Failed(Exception):
    """A request failed; the message is stable while the cause is, so that an outage is told once."""


class Limited(Failed):
    """The exchange asks for a pause (429 or its own envelope): ask again after `until_s`, Unix seconds."""

    def __init__(self, message: str, until_s: float) -> None:
        super().__init__(message)
        self.until_s = until_s


class Banned(Limited):
    """The exchange has shut us out for a time (418): any request before `until_s` makes it longer."""


class Blocked(Failed):
    """The exchange does not serve this address (451, 403): it will hardly change, so ask rarely."""


class Down(Failed):
    """No answer in time, no connection, or the exchange's own fault (5xx): ask again at the next tick."""


class Stopped(Failed):
    """We are stopping and ended the request ourselves: it says nothing about the exchange."""
