"""How an exchange stands with us: its state, kept in the home and shown in log and events.

Everything that asks the exchange looks here first, so that a pause that one of them was told holds for all.
"""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from collector import events, kept_file, state
from collector.decode import Changed
from collector.lines import NS
from collector.outcome import Failed
from collector.sink import Sink, taken
from collector.state import State
from influx import schema
from influx.outage import Outage

log = logging.getLogger("coinwatch.poller")

AGAIN_S = 600  # a state that lasts is written this often, so that a reader of the last 30 min sees it


class Standing:
    """The state of one exchange. Safe to share between threads."""

    def __init__(self, name: str, path: Path, sink: Sink, clock: Callable[[], float] = time.time) -> None:
        self._name, self._path, self._sink, self._clock = name, path, sink, clock
        self._lock = threading.Lock()
        self._state = kept_file.read(path, State) or state.OK
        self._on_disk = path.exists()
        self._written_s = 0.0
        self._quotes = Outage(log, name, "quotes", "ticks", "polling goes on", clock)

    @property
    def state(self) -> State:
        """The state as it is now."""
        return self._state

    def may_ask(self) -> bool:
        """Whether a request is allowed now."""
        return self._state.may_ask(self._clock())

    def passed_by(self) -> None:
        """A tick went by without a poll, since it may not be asked."""
        self._enter(self._state, missed=1)

    def answered(self) -> None:
        """A poll gave quotes."""
        self._enter(state.OK, missed=0)

    def failed(self, error: Failed | Changed, missed: int = 1) -> None:
        """A request failed; `missed` is how many ticks have no quotes by it."""
        self._enter(state.after(error, self._clock()), missed)

    def _enter(self, now: State, missed: int) -> None:
        if now == state.OK:
            self._quotes.over()
        else:
            until = f", {now.name} until {now.until}" if now.until else f", {now.name}"
            self._quotes.failed(now.reason, missed, (f": {now.detail}" if now.detail else "") + until)
        now_s = self._clock()
        with self._lock:
            if not now.same(self._state) or not self._on_disk:
                self._state, self._on_disk = now, True
                kept_file.keep(self._path, now)
            elif now_s - self._written_s < AGAIN_S:
                return
            self._written_s = now_s
        taken(self._sink, [events.exchange_state(self._name, now, int(now_s * NS))], schema.EVENTS.name)
