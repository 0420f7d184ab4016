"""Universal time from elsewhere: several time servers, of which most must agree (EN 319 421 §7.7.2)."""

import logging
import statistics
import time
from collections.abc import Sequence
from threading import Lock, Thread

from paraph_trust.errors import NotReady
from paraph_trust.timestamping import ntp

INTERVAL = 60.0
STALE = 600.0
"""Seconds between comparisons, and after which the last one proves nothing any more: a clock drifts 0.1 ms a second."""

logger = logging.getLogger(__name__)


class Reference:
    """The servers, asked now and then in the background.

    Args:
        servers: `host` or `host:port`; with three or more, one that lies is outvoted.
        accuracy: how far the clock may be from their median, in seconds.
    """

    def __init__(self, servers: Sequence[str], accuracy: float) -> None:
        self._servers, self._accuracy = tuple(servers), accuracy
        self._lock = Lock()
        self._compared = -STALE
        self._reason = "The clock was not compared with the time servers yet."

    def watch(self) -> None:
        """Compare now, and from now on."""
        self.compare()
        Thread(target=self._watch, name="time-servers", daemon=True).start()

    def check(self) -> None:
        """The clock is right, as far as the servers know.

        Raises:
            NotReady: it is not, or nobody knows.
        """
        with self._lock:
            if self._reason:
                raise NotReady(self._reason)
            if _steady() - self._compared > STALE:
                raise NotReady("The time servers have not been heard for ten minutes.")

    def compare(self) -> None:
        """Ask every server and remember what most say; while too few answer, the last comparison counts for a while."""
        offsets, silent = [], []
        for server in self._servers:
            try:
                offsets.append(ntp.ask(server))
            except NotReady as error:
                silent.append(str(error))
        with self._lock:
            if 2 * len(offsets) <= len(self._servers):
                logger.warning("too few time servers answer: %s", "; ".join(silent))
                return
            reason = self._judged(offsets)
            if reason and reason != self._reason:
                logger.error("%s no time-stamps until it is right", reason)
            self._reason, self._compared = reason, _steady()

    def _judged(self, offsets: Sequence[ntp.Offset]) -> str:
        away = statistics.median(each.seconds for each in offsets)
        doubt = statistics.median(each.uncertainty for each in offsets)
        if abs(away) + doubt <= self._accuracy:
            return ""
        return f"The clock is {-away:+.3f} s ahead of the time servers (give or take {doubt:.3f} s), too much."

    def _watch(self) -> None:
        while True:
            time.sleep(INTERVAL)
            self.compare()


def _steady() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)
