"""Make time-stamp tokens."""

from paraph.timestamps import Failure

from paraph_trust.timestamping.clock import ClockJumped
from paraph_trust.timestamping.queries import authority, clock, next_serial


def respond(request: bytes) -> bytes:
    """Answer a time-stamp request; what cannot be granted is refused in the protocol's own words."""
    try:
        at = clock().now()
    except ClockJumped:
        return authority().refuse(Failure.TIME_NOT_AVAILABLE)
    return authority().respond(request, at=at, serial=next_serial())
