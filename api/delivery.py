"""Delivery: brings the queue's messages to their channels by Apprise, each channel in a thread of its own.

A channel that hangs or refuses delays no other. What can't be sent is tried again for a day, later each time, and
then reported as undeliverable. A message is sent a second time only where a process died between sending and noting.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence

import apprise

from api import message
from api.channels import channels
from api.journal import Journal
from api.outbox import GIVEN_UP_S, Outbox, Waiting
from influx.outage import Outage
from influx.settings import Secret, Settings

SINGLES = 3
"""More messages at once than this come as one digest."""
NEAR_NS = 120 * 10**9
LOOK_S = 0.5

log = logging.getLogger("coinwatch.delivery")


class Channel(threading.Thread):
    """One channel's way out."""

    def __init__(self, name: str, url: Secret, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        super().__init__(name=f"channel {name}", daemon=True)
        self.channel, self.clock = name, clock
        self._link = settings.page_url
        self._outbox, self._journal = Outbox(settings), Journal(settings)
        self._outage = Outage(log, f"channel {name}", "delivery", "tries", "messages wait", clock)
        self._stopping = threading.Event()
        self._apprise = apprise.Apprise()
        if not self._apprise.add(str(url)):
            log.error("channel %s: its URL is none that Apprise knows; messages for it wait", name)

    def run(self) -> None:
        """Sends until `stop` is called."""
        while not self._stopping.wait(LOOK_S):
            try:
                self.look()
            except Exception:  # the top of this thread: without it nothing would ever be sent again
                log.exception("channel %s stumbled; it goes on", self.channel)

    def stop(self) -> None:
        """Ends the sending."""
        self._stopping.set()

    def look(self) -> None:
        """Sends what is due."""
        waiting = self._outbox.due(self.channel, self.clock())
        if len(waiting) > SINGLES:
            title, text = message.digest([one.message for one in waiting], self._link)
            self._try(waiting, title, text)
        else:
            for one in waiting:
                elsewhere = self._journal.elsewhere(one.message.alert, NEAR_NS) if one.message.alert else 0
                self._try([one], one.message.title, message.whole(one.message, elsewhere))

    def _try(self, waiting: Sequence[Waiting], title: str, text: str) -> None:
        if self._apprise.notify(title=title, body=text):
            self._outbox.remove(waiting)
            self._outage.over()
            log.info("channel %s: sent: %s", self.channel, title)
            return
        now_s = self.clock()
        self._outage.failed("not accepted")
        given_up = [one for one in waiting if one.made_s + GIVEN_UP_S <= now_s]
        for one in given_up:
            log.error("channel %s: undeliverable after a day: %s", self.channel, one.message.title)
        self._outbox.remove(given_up)
        rest = [one for one in waiting if one not in given_up]
        if rest:
            self._outbox.postpone(rest, now_s)


def start(settings: Settings) -> list[Channel]:
    """A running thread for each channel of the settings."""
    threads = [Channel(name, url, settings) for name, url in channels(settings).items()]
    for name in set(Outbox(settings).channels()) - {thread.channel for thread in threads}:
        log.error("channel %s is no longer set, and messages wait for it", name)
    for thread in threads:
        thread.start()
    return threads
