"""What alerting does beside the hook, in threads of the API's first process: reconciling, watching, delivering."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress

from api import delivery
from api.alerts import Receiver
from api.conditions import Conditions
from api.link import Link
from api.problems import Away
from api.reconcile import Reconciler
from api.service_watch import ServiceWatch
from api.silence import Silence
from influx import tokens
from influx.outage import Outage
from influx.settings import Settings

LOOK_S = 5.0
WATCH_S = 30.0

log = logging.getLogger("coinwatch.reconciler")


class Alerting:
    """The threads; they end with the process or by `stop`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._link = Link(settings, role=tokens.JUDGE)
        self._reconciler = Reconciler(settings, self._link, Receiver(settings, self._link))
        conditions = Conditions(settings)
        self._silence = Silence(settings, self._link, conditions)
        self._service = ServiceWatch(settings, conditions)
        self._outage = Outage(log, "reconciler", "answers of the database", "looks", "it looks again")
        self._stopping = threading.Event()
        self._channels: list[delivery.Channel] = []

    def start(self) -> None:
        """Starts all threads."""
        for name, step in (("reconciler", self._reconcile), ("watch", self._watch)):
            threading.Thread(target=self._run, args=(step,), name=name, daemon=True).start()
        self._channels = delivery.start(self._settings)

    def stop(self) -> None:
        """Ends them."""
        self._stopping.set()
        for channel in self._channels:
            channel.stop()

    def _run(self, step: Callable[[], float]) -> None:
        rest_s = 0.0
        while not self._stopping.wait(rest_s):
            try:
                rest_s = step()
            except Exception:  # the top of these threads: without it nothing would ever be looked at again
                log.exception("%s stumbled; it goes on", threading.current_thread().name)
                rest_s = LOOK_S

    def _reconcile(self) -> float:
        """One look for what the straight way missed; answers how long to rest."""
        try:
            self._reconciler.look()
            rest_s = self._reconciler.work()
        except Away as away:
            self._outage.failed(away.detail)
            self._reconciler.after_outage()
            return LOOK_S
        self._outage.over()
        return LOOK_S if rest_s is None else rest_s

    def _watch(self) -> float:
        """One look at what should go on, and at the service itself."""
        with suppress(Away):  # the reconciler tells it
            self._silence.look()
        self._service.look()
        return WATCH_S
