"""One exchange's candles, a call at a time: in its turn, behind the polls, and never while the exchange is paused."""

import logging
import time
from collections.abc import Callable

from collector import allowance
from collector.closed_candles import closed
from collector.decode import Body, Changed
from collector.exchange import Candle, Declined, Exchange, History, Pair
from collector.fetch import PAUSE_S, Fetcher
from collector.minutes import MINUTE_S, Span, minute_of
from collector.outcome import Banned, Blocked, Down, Failed, Limited, Stopped
from collector.pace import Pace
from collector.polls_first import PollsFirst
from collector.standing import Standing
from influx.outage import Outage

log = logging.getLogger("coinwatch.history")

DEADLINE_S = 20.0


class Candled(Exchange, History):
    """An exchange with candles: the type of every adapter that has both interfaces."""


class CandleSource:
    """Used by one thread at a time; `stop` may be called from another."""

    def __init__(
        self,
        exchange: Candled,
        fetcher: Fetcher,
        standing: Standing,
        pace: Pace,
        polls: PollsFirst,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.exchange, self.pace = exchange, pace
        self._fetcher, self._standing, self._polls, self._clock = fetcher, standing, polls, clock
        self._paused_until_s = 0.0
        self._outage = Outage(log, exchange.name, "candles", "calls", "polls go on", clock)

    @property
    def oldest_s(self) -> int:
        """The start of the oldest minute that can be had; the exchange's depth counts the running one too."""
        depth = self.exchange.candle_depth
        return 0 if depth is None else minute_of(self._clock()) - (depth - 1) * MINUTE_S

    def ask(self, pair: Pair, span: Span) -> list[Candle]:
        """The closed candles of the span that the exchange states, oldest first.

        Waits for its turn. Raises Failed or Changed; Stopped when we are stopping.
        """
        self._await_turn()
        try:
            body = Body(self._fetcher.get(self.exchange.candle_url(pair, span.start_s, span.end_s), DEADLINE_S))
            candles = closed(self.exchange.candles(body), span)
        except Declined as error:
            said = f"the exchange says {str(error)!r}"
            if not error.limited:
                raise Down(said) from error  # it is this pair's fault
            limited = Limited(said, self._clock() + PAUSE_S)
            self._take_note(limited)
            raise limited from error
        except Failed as error:
            self._take_note(error)
            raise
        self._outage.over()
        if body.bad and not candles:
            raise Changed(f"no candle can be read: {body.bad[0].reason}")
        if nearly := allowance.pause(allowance.used(self.exchange, self._fetcher.headers), self._clock()):
            self._paused_until_s = nearly.until_s
        return candles

    def pause(self, seconds: float) -> None:
        """Waits. Stopped: we are stopping."""
        if self._fetcher.pause(seconds):
            raise Stopped

    def stop(self) -> None:
        """Ends the call under way and all that would follow."""
        self._fetcher.stop()

    def close(self) -> None:
        """Closes the connections."""
        self._fetcher.close()

    def _await_turn(self) -> None:
        """A turn in which a poll is due is given up for the next one: polls first, and never two calls in one turn."""
        while True:
            self._await_exchange()
            self._polls.wait()
            self.pause(self.pace.take())
            if not self._polls.left_s() and self._standing.may_ask():
                return

    def _await_exchange(self) -> None:
        while (wait_s := max(self._standing.state.until_s, self._paused_until_s) - self._clock()) > 0:
            self.pause(min(wait_s, MINUTE_S))
        self.pause(0)

    def _take_note(self, error: Failed) -> None:
        """A ban holds for polls too. A limit is ours to keep: we asked too often, and polls go on."""
        if not isinstance(error, Stopped):
            self._outage.failed(str(error))
        if isinstance(error, Banned | Blocked):
            self._standing.failed(error, missed=0)
        elif isinstance(error, Limited):
            self._paused_until_s = error.until_s
