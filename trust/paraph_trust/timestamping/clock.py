"""The clock that tokens are made from, and the guard that distrusts it when it jumps (EN 319 421 §7.7.2).

The guard compares the wall clock with one that nobody can set (`CLOCK_BOOTTIME`, which also counts sleep). If between
two readings they moved apart by more than the declared accuracy, the time before or the time after was wrong, and here
nobody can say which: no token is made until the clock has been steady for a while.
"""

import logging
import time
from datetime import UTC, datetime, timedelta
from threading import Lock

from paraph_trust.errors import NotReady

SETTLING = 60.0
"""Seconds of steadiness after which a clock that jumped is believed again."""

logger = logging.getLogger(__name__)


class ClockJumped(NotReady):
    """The wall clock moved against the steady one."""


class Clock:
    """Universal time that is known not to have jumped."""

    def __init__(self, accuracy: timedelta) -> None:
        self._accuracy = accuracy.total_seconds()
        self._lock = Lock()
        self._offset = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
        self._steady_from = 0.0

    def now(self) -> datetime:
        """The time.

        Raises:
            ClockJumped: the clock was moved just now or within the last minute.
        """
        with self._lock:
            wall, steady = time.time(), time.clock_gettime(time.CLOCK_BOOTTIME)
            jump = wall - steady - self._offset
            self._offset = wall - steady
            if abs(jump) > self._accuracy:
                logger.error("the clock jumped by %+.3f s; no time-stamps for %d s", jump, SETTLING)
                self._steady_from = steady + SETTLING
            if steady < self._steady_from:
                raise ClockJumped("The time is not available.")
            return datetime.fromtimestamp(wall, UTC)
