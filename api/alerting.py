"""What alerting does beside the hook, in threads of the API's first process: reconciling, delivering."""

import logging
import threading

from api import delivery
from api.alerts import Receiver
from api.link import Link
from api.problems import Away
from api.reconcile import Reconciler
from influx import tokens
from influx.outage import Outage
from influx.settings import Settings

EVERY_S = 5.0

log = logging.getLogger("coinwatch.reconciler")


class Alerting:
    """The threads; they end with the process or by `stop`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        link = Link(settings, role=tokens.JUDGE)
        self._reconciler = Reconciler(settings, link, Receiver(settings, link))
        self._outage = Outage(log, "reconciler", "answers of the database", "looks", "it looks again")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reconciler", daemon=True)
        self._channels: list[delivery.Channel] = []

    def start(self) -> None:
        """Starts all threads."""
        self._thread.start()
        self._channels = delivery.start(self._settings)

    def stop(self) -> None:
        """Ends them."""
        self._stopping.set()
        for channel in self._channels:
            channel.stop()

    def _run(self) -> None:
        rest_s = 0.0
        while not self._stopping.wait(rest_s):
            try:
                rest_s = self._step()
                self._outage.over()
            except Away as away:
                self._outage.failed(away.detail)
                self._reconciler.after_outage()
                rest_s = EVERY_S
            except Exception:  # the top of this thread: without it nothing late would ever be judged again
                log.exception("the reconciler stumbled; it goes on")
                rest_s = EVERY_S

    def _step(self) -> float:
        self._reconciler.look()
        rest_s = self._reconciler.work()
        return EVERY_S if rest_s is None else rest_s
