"""Lines of the log: when (in UTC), how serious, who says it, during which request."""

import logging
import time
from contextvars import ContextVar

current_request: ContextVar[str] = ContextVar("log_id", default="-")


class RequestId(logging.Filter):
    """Puts the request's id on each line, so that what a person reports is found."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request = current_request.get()
        return True


class WithoutChatter(logging.Filter):
    """Leaves out what every job says when all is well (the reaper alone: three lines every five seconds).

    A job that failed and will be tried again says so with its error, at the same low level: that stays.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        chatter = record.name.startswith("procrastinate") and record.levelno < logging.WARNING
        return not chatter or bool(record.exc_info)


class Line(logging.Formatter):
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    @staticmethod
    def converter(seconds: float | None) -> time.struct_time:
        return time.gmtime(seconds)
