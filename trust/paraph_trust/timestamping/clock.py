"""The clock that tokens are made from, and the guard that distrusts it when it jumps (EN 319 421 §7.7.2).

The guard compares the wall clock with one that nobody can set (`CLOCK_BOOTTIME`, which also counts sleep). If between
two readings they moved apart by more than the declared accuracy, the time before or the time after was wrong, and here
nobody can say which: no token is made until the clock has been steady for a while. Where time servers are named, the
clock must also agree with them: a guard that only looks at jumps cannot see a slow drift.
"""

import logging
import time
from datetime import UTC, datetime, timedelta
from threading import Lock

from paraph_trust.errors import NotReady
from paraph_trust.timestamping.reference import Reference

SETTLING = 60.0
"""Seconds of steadiness after which a clock that jumped is believed again."""

logger = logging.getLogger(__name__)


class TimeNotAvailable(NotReady):
    """The clock jumped, or does not agree with the time servers."""


class Clock:
    """Universal time that is known not to have jumped and, given a reference, not to have drifted."""

    def __init__(self, accuracy: timedelta, reference: Reference | None = None) -> None:
        self._accuracy, self._reference = accuracy.total_seconds(), reference
        self._lock = Lock()
        self._offset = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
        self._steady_from = 0.0

    def now(self) -> datetime:
        """The time.

        Raises:
            TimeNotAvailable: the clock was moved just now or within the last minute, or is wrong.
        """
        if self._reference is not None:
            try:
                self._reference.check()
            except NotReady as error:
                raise TimeNotAvailable(str(error)) from None
        with self._lock:
            wall, steady = time.time(), time.clock_gettime(time.CLOCK_BOOTTIME)
            jump = wall - steady - self._offset
            self._offset = wall - steady
            if abs(jump) > self._accuracy:
                logger.error("the clock jumped by %+.3f s; no time-stamps for %d s", jump, SETTLING)
                self._steady_from = steady + SETTLING
            if steady < self._steady_from:
                raise TimeNotAvailable("The clock was moved; a minute of steadiness is needed.")
            return datetime.fromtimestamp(wall, UTC)
