"""Time-stamps (RFC 3161, EN 319 422): ask for one, check one, issue one."""

from paraph.timestamps.authority import Authority, Failure, NotGranted
from paraph.timestamps.providers import Providers
from paraph.timestamps.request import algorithm_of, request, time_of, token_of
from paraph.timestamps.timestamper import HttpTimestamper, LocalTimestamper, Timestamper
from paraph.timestamps.verify import Timestamp, certificates_in, read, verify

__all__ = [
    "Authority",
    "Failure",
    "HttpTimestamper",
    "LocalTimestamper",
    "NotGranted",
    "Providers",
    "Timestamp",
    "Timestamper",
    "algorithm_of",
    "certificates_in",
    "read",
    "request",
    "time_of",
    "token_of",
    "verify",
]
