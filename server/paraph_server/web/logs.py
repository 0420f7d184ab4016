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


class Line(logging.Formatter):
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    @staticmethod
    def converter(seconds: float | None) -> time.struct_time:
        return time.gmtime(seconds)
